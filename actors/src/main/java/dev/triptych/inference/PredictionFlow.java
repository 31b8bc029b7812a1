package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.Predict;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.InferenceActor.Predicted;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.InferenceActor.Refused;
import dev.triptych.inference.InferenceActor.TooOld;
import dev.triptych.inference.InferenceActor.Unavailable;
import dev.triptych.inference.InferenceActor.UnknownKey;
import dev.triptych.inference.domain.GivenInputs;
import dev.triptych.inference.domain.PredictionId;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Answers;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.Micros;
import dev.triptych.kernel.Span;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.Traces;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.LiveStates;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.LoadedVersions.NoSuchVersionException;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.UnusableInputException;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.InputNames;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one request: read features, evaluate, record, answer. Runs on whichever thread has the next part, and holds
 * nothing that changes.
 */
final class PredictionFlow {

    private static final Logger LOG = LoggerFactory.getLogger(PredictionFlow.class);

    private static final Duration FEATURES_TIMEOUT = Duration.ofSeconds(3);

    /** Longer than a cluster takes to find a dead node's keys another home; callers usually give up before. */
    private static final Duration MOVING_FEATURES_TIMEOUT = Duration.ofSeconds(25);

    /** Longer than a commit may take, so that the log's own answer arrives first. */
    private static final Duration LOG_TIMEOUT = PredictionLog.COMMIT_TIMEOUT.plusSeconds(1);

    /** So many instances are evaluated one after the other; those of a larger request on several threads. */
    private static final int INSTANCES_PER_SLICE = 64;

    private final ActorSystem<?> actors;
    private final LocalAsk asks;
    private final LiveStates live;
    private final Traces traces;
    private final ClusterSharding sharding;
    private final PredictionCounts.OfDeployment counts;
    private final String system;
    private final DeploymentDefinition deployment;
    private final ActorRef<PredictionLog.Command> log;
    private final Executor evaluation;
    private final PredictionIds ids;
    private final Clock clock;

    PredictionFlow(
            ActorSystem<?> actors,
            String system,
            DeploymentDefinition deployment,
            ActorRef<PredictionLog.Command> log,
            Executor evaluation,
            PredictionIds ids,
            Clock clock) {
        this.actors = actors;
        this.asks = LocalAsk.get(actors);
        this.live = LiveStates.get(actors);
        this.traces = Traces.get(actors);
        this.sharding = ClusterSharding.get(actors);
        this.counts = PredictionCounts.get(actors).of(system, deployment.name());
        this.system = system;
        this.deployment = deployment;
        this.log = log;
        this.evaluation = evaluation;
        this.ids = ids;
        this.clock = clock;
    }

    /** An instance on its way. */
    private sealed interface Row {}

    /** Ready to be evaluated. */
    private record Ready(
            String field,
            Optional<String> key,
            long sequenceNr,
            long asOfMicros,
            List<Value> given,
            List<FeatureValue> features)
            implements Row {
        List<Value> inputs() {
            var inputs = new Value[features.size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = features.get(i).value();
            }
            return List.of(inputs);
        }
    }

    private record Stuck(PredictReply reply) implements Row {}

    /** Never fails: what goes wrong is an answer too. */
    CompletionStage<PredictReply> answer(Predict predict, CompletionStage<LoadedVersion> version, ServingRules rules) {
        return version.thenCompose(loaded -> answer(predict, loaded, rules))
                .exceptionally(failure -> refusal(predict, failure));
    }

    private PredictReply refusal(Predict predict, Throwable failure) {
        if (Causes.of(failure) instanceof NoSuchVersionException) {
            return new Refused(new Invalid(
                    "version",
                    predict.version().map(String::valueOf).orElse(""),
                    "a version of " + system + "/" + deployment.model()));
        }
        if (Causes.of(failure) instanceof UnusableInputException unusable) {
            return new Refused(unusable.reason());
        }
        Traces.logged(predict.trace(), () -> LOG.error("Deployment {} could not answer", deployment.name(), failure));
        return new Unavailable(Causes.message(failure));
    }

    private CompletionStage<PredictReply> answer(Predict predict, LoadedVersion loaded, ServingRules rules) {
        Span reading = traces.begin("read features", predict.trace());
        return reading.over(rows(predict, loaded, reading.context())).thenCompose(rows -> {
            var ready = new ArrayList<Ready>(rows.size());
            for (Row row : rows) {
                switch (row) {
                    case Ready readable -> {
                        Optional<PredictReply> refusal =
                                refusal(readable, loaded.version().signature(), rules);
                        if (refusal.isEmpty()) {
                            ready.add(readable);
                        } else if (predict.runId().isEmpty()) {
                            return CompletableFuture.completedStage(refusal.get());
                        }
                        // A batch run does without the row, and counts it.
                    }
                    case Stuck(var reply) -> {
                        return CompletableFuture.completedStage(reply);
                    }
                }
            }
            Span evaluating = traces.begin("evaluate", predict.trace());
            return evaluating
                    .over(evaluate(loaded.predictor(), ready, predict))
                    .thenCompose(evaluated -> finish(predict, loaded.version(), evaluated, rules));
        });
    }

    private static Optional<PredictReply> refusal(Ready row, Signature signature, ServingRules rules) {
        List<String> stale = StaleFeatures.minded(rules.stale(), Stale.REFUSE, signature, row.features());
        return stale.isEmpty()
                ? MissingFeatures.refused(signature, row.features(), row.key(), row.field())
                        .map(Refused::new)
                : Optional.of(new TooOld(row.key().orElse(""), stale));
    }

    private CompletionStage<List<Row>> rows(Predict predict, LoadedVersion loaded, Optional<String> trace) {
        int count = predict.instances().size();
        if (count == 1) {
            return row(predict, 0, loaded, trace).thenApply(List::of);
        }
        var reading = new ArrayList<CompletionStage<Row>>(count);
        for (int i = 0; i < count; i++) {
            reading.add(row(predict, i, loaded, trace));
        }
        return Answers.all(reading);
    }

    private CompletionStage<Row> row(Predict predict, int index, LoadedVersion loaded, Optional<String> trace) {
        Instance instance = predict.instances().get(index);
        String field = "instances[" + index + "]";
        if (instance.key().isPresent()) {
            return instance.given().isEmpty()
                    ? lookedUp(
                            predict,
                            instance.key().get(),
                            field,
                            loaded.version().signature(),
                            trace)
                    : stuck(new Invalid(
                            field + ".features",
                            instance.given().size() + " features beside key "
                                    + instance.key().get(),
                            "either a key, whose features are looked up, or features"));
        }
        return instance.given().isEmpty()
                ? stuck(new Invalid(field, "empty", "a key, or features"))
                : given(predict, instance, field, loaded.inputNames());
    }

    private CompletionStage<Row> given(Predict predict, Instance instance, String field, InputNames names) {
        return switch (GivenInputs.of(names, instance.given(), field + ".features")) {
            case GivenInputs.Unusable(var reason) -> stuck(reason);
            case GivenInputs.Inputs(var values) -> {
                var features = new FeatureValue[values.size()];
                for (int i = 0; i < features.length; i++) {
                    Value value = values.get(i);
                    features[i] = new FeatureValue(
                            value,
                            value == Value.Null.NULL ? FeatureValue.Status.NULL_VALUE : FeatureValue.Status.PRESENT,
                            Optional.empty());
                }
                yield CompletableFuture.completedStage(new Ready(
                        field,
                        Optional.empty(),
                        0,
                        predict.asOfMicros().orElseGet(this::now),
                        values,
                        List.of(features)));
            }
        };
    }

    private CompletionStage<Row> lookedUp(
            Predict predict, String key, String field, Signature signature, Optional<String> trace) {
        var id = new EntityId(system, signature.entity(), key);
        Optional<FeatureEntity.Answer> known = live.read(id, signature.inputs(), predict.asOfMicros(), clock);
        if (known.isPresent()) {
            return CompletableFuture.completedStage(row(key, field, known.get()));
        }
        return PatientAsk.ask(
                        actors,
                        NodeRoles.FEATURE,
                        sharding.entityRefFor(FeatureEntity.TYPE_KEY, id.path()),
                        (ActorRef<FeatureEntity.ReadReply> replyTo) -> new FeatureEntity.Read(
                                signature.inputs(), predict.asOfMicros(), Optional.empty(), trace, replyTo),
                        featuresTimeout())
                .handle((reply, failure) -> failure == null
                        ? row(key, field, reply)
                        : new Stuck(new Unavailable("the features of " + key + " could not be read: "
                                + (Causes.of(failure) instanceof TimeoutException
                                        ? "no answer in time"
                                        : Causes.message(failure)))));
    }

    private Duration featuresTimeout() {
        return PatientAsk.isAlone(actors) ? FEATURES_TIMEOUT : MOVING_FEATURES_TIMEOUT;
    }

    private static Row row(String key, String field, FeatureEntity.ReadReply reply) {
        return switch (reply) {
            case FeatureEntity.Answer answer when answer.sequenceNr() == 0 -> new Stuck(new UnknownKey(key));
            case FeatureEntity.Answer answer
            when answer.vector().allErased() ->
                new Stuck(new Refused(new Invalid(field + ".key", key, "a key that was not erased")));
            case FeatureEntity.Answer(var vector, long sequenceNr, long asOfMicros) ->
                new Ready(field, Optional.of(key), sequenceNr, asOfMicros, List.of(), vector.values());
            case FeatureEntity.Refused(var reason) ->
                new Stuck(new Refused(new Invalid(field + "." + reason.field(), reason.value(), reason.expected())));
            case FeatureEntity.JournalUnavailable(var reason) ->
                new Stuck(new Unavailable("the features of " + key + " could not be read: " + reason));
        };
    }

    /** Scores of a row, and why. */
    private record Evaluated(Ready row, double[] scores, Optional<Explanation> explanation) {}

    private CompletionStage<List<Evaluated>> evaluate(Predictor predictor, List<Ready> rows, Predict predict) {
        // A flat form takes less than a microsecond a row, another thread several to begin.
        if (predictor.evaluatedBy().flat() && rows.size() <= INSTANCES_PER_SLICE && !predict.explain()) {
            try {
                return CompletableFuture.completedStage(evaluated(predictor, rows, predict));
            } catch (UnusableInputException unusable) {
                return CompletableFuture.failedStage(unusable);
            }
        }
        var slices = new ArrayList<CompletableFuture<List<Evaluated>>>();
        for (int from = 0; from < rows.size(); from += INSTANCES_PER_SLICE) {
            List<Ready> slice = rows.subList(from, Math.min(from + INSTANCES_PER_SLICE, rows.size()));
            slices.add(CompletableFuture.supplyAsync(() -> evaluated(predictor, slice, predict), evaluation));
        }
        return Answers.all(slices)
                .thenApply(outputs -> outputs.stream().flatMap(List::stream).toList());
    }

    private static List<Evaluated> evaluated(Predictor predictor, List<Ready> rows, Predict predict) {
        var outputs = new ArrayList<Evaluated>(rows.size());
        for (Ready row : rows) {
            List<Value> inputs = row.inputs();
            try {
                outputs.add(new Evaluated(
                        row,
                        predictor.predict(inputs),
                        predict.explain() ? predictor.explain(inputs) : Optional.empty()));
            } catch (UnusableInputException unusable) {
                // As with rows that are refused before: a batch run does without them.
                if (predict.runId().isEmpty()) {
                    throw unusable.in(row.field() + ".features");
                }
            }
        }
        return outputs;
    }

    private CompletionStage<PredictReply> finish(
            Predict predict, ModelVersion version, List<Evaluated> all, ServingRules rules) {
        long predictedMicros = now();
        var predictions = new ArrayList<Prediction>(all.size());
        for (Evaluated evaluated : all) {
            Ready row = evaluated.row();
            var record = new PredictionRecord(
                    id(predict, row),
                    system,
                    deployment.name(),
                    deployment.model(),
                    version.number(),
                    row.key(),
                    row.sequenceNr(),
                    row.asOfMicros(),
                    row.given(),
                    boxed(evaluated.scores()),
                    predictedMicros,
                    predict.runId());
            predictions.add(new Prediction(
                    record,
                    version.signature(),
                    row.features(),
                    evaluated.explanation(),
                    StaleFeatures.minded(rules.stale(), Stale.WARN, version.signature(), row.features())));
        }
        counts.predicted(version.number(), predictions.size());
        var predicted = new Predicted(predictions);
        return switch (rules.audit()) {
            case DURABLE -> recorded(predict, predicted, PredictionLog.Acknowledge.COMMITTED);
            case ASYNC -> recorded(predict, predicted, PredictionLog.Acknowledge.BUFFERED);
            case OFF -> CompletableFuture.completedStage(predicted);
        };
    }

    private String id(Predict predict, Ready row) {
        if (predict.runId().isPresent() && row.key().isPresent()) {
            return PredictionId.ofRun(predict.runId().get(), row.key().get(), row.asOfMicros());
        }
        return ids.next();
    }

    private CompletionStage<PredictReply> recorded(
            Predict predict, Predicted predicted, PredictionLog.Acknowledge when) {
        List<PredictionRecord> records =
                predicted.predictions().stream().map(Prediction::record).toList();
        Span committing = traces.begin("commit predictions", predict.trace());
        return committing
                .over(asks.<PredictionLog.AppendReply>ask(
                        replyTo -> log.tell(new PredictionLog.Append(records, when, replyTo)), LOG_TIMEOUT))
                .thenApply(reply -> switch (reply) {
                    case PredictionLog.Appended appended -> predicted;
                    case PredictionLog.NotAppended(var reason) -> new Unavailable(reason);
                });
    }

    private long now() {
        return Micros.of(clock.instant());
    }

    private static List<Double> boxed(double[] values) {
        var boxed = new ArrayList<Double>(values.length);
        for (double value : values) {
            boxed.add(value);
        }
        return boxed;
    }

    private static CompletionStage<Row> stuck(Invalid reason) {
        return CompletableFuture.completedStage(new Stuck(new Refused(reason)));
    }
}

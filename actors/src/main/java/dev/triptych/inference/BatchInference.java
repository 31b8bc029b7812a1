package dev.triptych.inference;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.Patterns;
import akka.stream.javadsl.Source;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.PipelineRunner;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts keys as of the instant that the run was asked for, else of the time it stands for, or now, whichever is
 * earlier: every key of a view, or those that SQL or a file names. A key without a row at that time is left out. All
 * predictions of a run come from one version: that of its first prediction. A key whose features the model or the
 * deployment refuses is left out and counted.
 *
 * <p>A run goes over the keys in passes. Each begins with what earlier ones, or earlier attempts, have recorded, and
 * predicts the keys that are left; so a pass may break off anywhere, and no key is predicted twice or missing in the
 * end. Where the deployment's audit is off, a key whose result was not stored when the node died is predicted again,
 * which nobody has seen.
 */
public final class BatchInference implements PipelineRunner {

    private static final Logger LOG = LoggerFactory.getLogger(BatchInference.class);

    /** The option that names the instant features are read at, ISO-8601 with its zone. */
    public static final String AS_OF = "as-of";

    static final int KEYS_PER_CHUNK = 256;

    /** One is evaluated while the features of the next are read. */
    private static final int CHUNKS_IN_FLIGHT = 2;

    private static final int RECORDS_PER_PAGE = 5_000;
    private static final int PASSES_MAX = 5;
    private static final Duration PAUSE_BEFORE_SECOND_PASS = Duration.ofMillis(500);
    private static final Duration CHUNK_TIMEOUT = Duration.ofSeconds(30);

    /** Where a run reads and predicts. */
    private record Job(
            BatchRun run,
            SystemDefinition declared,
            KeySelection keys,
            DeploymentDefinition deployment,
            ActorRef<InferenceActor.Command> actor,
            long asOfMicros,
            Consumer<RunProgress> progress) {
        String modelPath() {
            return run.system() + "/" + deployment.model();
        }
    }

    /**
     * Keys of one pass.
     *
     * @param refused their features are too old for the deployment, or one that the model requires is missing
     */
    private record Tally(long predicted, long recorded, long unseen, long refused) {
        Tally plus(Tally other) {
            return new Tally(
                    predicted + other.predicted,
                    recorded + other.recorded,
                    unseen + other.unseen,
                    refused + other.refused);
        }
    }

    private final ActorSystem<?> system;
    private final Function<String, Optional<SystemDefinition>> definitions;
    private final Map<String, ActorRef<InferenceActor.Command>> deployments;
    private final LoadedVersions versions;
    private final OfflineStore offline;
    private final PredictionArchive archive;
    private final BatchResults results;
    private final BatchFiles files;
    private final KeysOfRuns keys;
    private final Executor blocking;
    private final Clock clock;

    /**
     * @param definitions systems by name
     * @param deployments of this node, by {@code system/deployment}
     * @param blocking reads keys and writes files
     */
    public BatchInference(
            ActorSystem<?> system,
            Function<String, Optional<SystemDefinition>> definitions,
            Map<String, ActorRef<InferenceActor.Command>> deployments,
            LoadedVersions versions,
            OfflineStore offline,
            PredictionArchive archive,
            BatchResults results,
            BatchFiles files,
            SelectedKeys selected,
            Executor blocking,
            Clock clock) {
        this.system = system;
        this.definitions = definitions;
        this.deployments = Map.copyOf(deployments);
        this.versions = versions;
        this.offline = offline;
        this.archive = archive;
        this.results = results;
        this.files = files;
        this.keys = new KeysOfRuns(offline, selected);
        this.blocking = blocking;
        this.clock = clock;
    }

    @Override
    public CompletionStage<RunOutcome> run(RunRequest request, Consumer<RunProgress> progress) {
        return CompletableFuture.completedStage(request)
                .thenCompose(asked -> passes(job(asked, progress), 1))
                .exceptionally(failure -> new RunOutcome.Failed(Causes.message(failure), List.of()));
    }

    private Job job(RunRequest request, Consumer<RunProgress> progress) {
        PipelineId id = request.pipeline();
        SystemDefinition declared =
                definitions.apply(id.system()).orElseThrow(() -> UnpredictableException.missing("system", id.system()));
        InferencePipelineDefinition pipeline = declared.inferencePipelines().stream()
                .filter(candidate -> candidate.name().equals(id.name()))
                .findFirst()
                .orElseThrow(() -> UnpredictableException.missing("inference pipeline", id.path()));
        DeploymentDefinition deployment = declared.deployment(pipeline.deployment())
                .orElseThrow(() -> UnpredictableException.missing("deployment", pipeline.deployment()));
        ActorRef<InferenceActor.Command> actor = deployments.get(declared.name() + "/" + deployment.name());
        if (actor == null) {
            throw new UnpredictableException("deployment " + deployment.name()
                    + " is not served by this node (expected: a node of role inference)");
        }
        return new Job(
                new BatchRun(request.runId(), declared.name(), pipeline.name()),
                declared,
                pipeline.keys(),
                deployment,
                actor,
                asOfMicros(request),
                progress);
    }

    private long asOfMicros(RunRequest request) {
        long now = Micros.of(clock.instant());
        String given = request.options().get(AS_OF);
        if (given == null) {
            return Math.min(request.scheduledMicros(), now);
        }
        try {
            long asOf = Micros.of(Instant.parse(given));
            if (asOf <= now) {
                return asOf;
            }
        } catch (DateTimeParseException | ArithmeticException unreadable) {
            // Refused below.
        }
        throw new UnpredictableException(
                AS_OF + ": " + given + " (expected: a time with its zone that has come, such as 2026-01-31T12:00:00Z)");
    }

    private CompletionStage<RunOutcome> passes(Job job, int pass) {
        return pass(job).exceptionallyCompose(failure -> {
            if (pass == PASSES_MAX || Causes.of(failure) instanceof UnpredictableException) {
                return CompletableFuture.failedStage(failure);
            }
            LOG.warn("Run {} goes over its keys again: {}", job.run().runId(), Causes.message(failure));
            Duration pause = PAUSE_BEFORE_SECOND_PASS.multipliedBy(1L << (pass - 1));
            return Patterns.after(pause, system, () -> passes(job, pass + 1));
        });
    }

    private CompletionStage<RunOutcome> pass(Job job) {
        return versions.registered(job.modelPath())
                .thenCompose(model -> takeOver(
                                job,
                                model,
                                PredictionArchive.Filter.everything(RECORDS_PER_PAGE)
                                        .ofRun(job.run().runId()))
                        .thenCompose(done -> results.version(job.run().runId()))
                        .thenCompose(recorded -> version(job, model, recorded)))
                .thenCompose(version ->
                        predictAll(job, version).thenApplyAsync(tally -> finish(job, version, tally), blocking));
    }

    /** What was recorded in the log, but perhaps not in the results, when an attempt or a pass broke off. */
    private CompletionStage<Done> takeOver(Job job, RegisteredModel model, PredictionArchive.Filter page) {
        return archive.list(page).thenCompose(records -> {
            if (records.isEmpty()) {
                return CompletableFuture.completedStage(Done.getInstance());
            }
            List<BatchPrediction> predictions = records.stream()
                    .map(record -> BatchPrediction.of(
                            record,
                            model.version(record.version()).orElseThrow().signature()))
                    .toList();
            return results.record(job.run(), predictions)
                    .thenCompose(done ->
                            takeOver(job, model, page.after(records.getLast().id())));
        });
    }

    /** That of the run's first prediction; for a new run the one with most of the deployment's traffic. */
    private CompletionStage<ModelVersion> version(Job job, RegisteredModel model, Optional<Integer> recorded) {
        return recorded.isPresent()
                ? CompletableFuture.completedStage(model.version(recorded.get()).orElseThrow())
                : AskPattern.<InferenceActor.Command, InferenceActor.Adopted>ask(
                                job.actor(), InferenceActor.Adopt::new, CHUNK_TIMEOUT, system.scheduler())
                        .thenCompose(adopted -> AskPattern.<InferenceActor.Command, InferenceActor.Description>ask(
                                job.actor(), InferenceActor.Describe::new, CHUNK_TIMEOUT, system.scheduler()))
                        .thenApply(description -> serving(job, description));
    }

    private static ModelVersion serving(Job job, InferenceActor.Description description) {
        return description
                .serving()
                .orElseThrow(() -> new UnpredictableException(
                        "deployment " + job.deployment().name()
                                + " serves nothing: " + description.problem().orElse("")
                                + " (expected: a version; train and promote one)"));
    }

    private CompletionStage<Tally> predictAll(Job job, ModelVersion version) {
        return offline.freeze()
                .thenCompose(horizon -> Source.unfoldResourceAsync(
                                () -> CompletableFuture.supplyAsync(
                                        () -> keys.open(
                                                job.declared(), job.run(), job.keys(), horizon, job.asOfMicros()),
                                        blocking),
                                keys -> CompletableFuture.supplyAsync(() -> keys.next(KEYS_PER_CHUNK), blocking),
                                keys -> CompletableFuture.supplyAsync(
                                        () -> {
                                            keys.close();
                                            return Done.getInstance();
                                        },
                                        blocking))
                        .mapAsync(CHUNKS_IN_FLIGHT, chunk -> predict(job, version, chunk))
                        .runFold(
                                new Tally(0, 0, 0, 0),
                                (before, chunk) -> {
                                    Tally tally = before.plus(chunk);
                                    job.progress()
                                            .accept(new RunProgress(
                                                    "predicting", tally.predicted() + tally.recorded(), 0));
                                    return tally;
                                },
                                system));
    }

    private CompletionStage<Tally> predict(Job job, ModelVersion version, RunKeys.Chunk chunk) {
        return results.recorded(job.run().runId(), chunk.keys()).thenCompose(recorded -> {
            List<String> left =
                    chunk.keys().stream().filter(key -> !recorded.contains(key)).toList();
            CompletionStage<List<BatchPrediction>> predicted = left.isEmpty()
                    ? CompletableFuture.completedStage(List.of())
                    : ask(job, version, left).thenApply(reply -> predictions(reply, version));
            return predicted.thenCompose(predictions -> results.record(job.run(), predictions)
                    .thenApply(done -> new Tally(
                            predictions.size(), recorded.size(), chunk.unseen(), left.size() - predictions.size())));
        });
    }

    private CompletionStage<InferenceActor.PredictReply> ask(Job job, ModelVersion version, List<String> keys) {
        List<InferenceActor.Instance> instances = keys.stream()
                .map(key -> new InferenceActor.Instance(Optional.of(key), Map.of()))
                .toList();
        return AskPattern.ask(
                job.actor(),
                (ActorRef<InferenceActor.PredictReply> replyTo) -> new InferenceActor.Predict(
                        instances,
                        Optional.of(job.asOfMicros()),
                        Optional.of(version.number()),
                        Optional.of(job.run().runId()),
                        false,
                        Optional.empty(),
                        replyTo::tell),
                CHUNK_TIMEOUT,
                system.scheduler());
    }

    private static List<BatchPrediction> predictions(InferenceActor.PredictReply reply, ModelVersion version) {
        return switch (reply) {
            case InferenceActor.Predicted(var predictions) ->
                predictions.stream()
                        .map(prediction -> BatchPrediction.of(prediction.record(), prediction.signature()))
                        .toList();
            case InferenceActor.Refused(var reason) -> throw new UnpredictableException(reason.message());
            case InferenceActor.UnknownKey(var key) ->
                throw new UnpredictableException("key: " + key + " is in the offline store, but was never written");
            case InferenceActor.TooOld tooOld -> throw new UnpredictableException(tooOld.message());
            case InferenceActor.TooLate late -> throw new IllegalStateException("the deployment's deadline has passed");
            case InferenceActor.NoVersion none ->
                throw new UnpredictableException("version " + version.number() + " is no longer served");
            case InferenceActor.Unavailable(var reason) -> throw new IllegalStateException(reason);
        };
    }

    private RunOutcome finish(Job job, ModelVersion version, Tally tally) {
        try (BatchResults.Results all = results.read(job.run().runId())) {
            BatchFiles.Written written =
                    files.write(job.run(), version.signature().outputs(), all);
            return new RunOutcome.Completed(
                    Map.of(
                            "predictions", written.predictions(),
                            "keysSkipped", tally.recorded(),
                            "keysUnseen", tally.unseen(),
                            "keysRefused", tally.refused()),
                    Map.of(
                            "version", String.valueOf(version.number()),
                            "asOf", Micros.toInstant(job.asOfMicros()).toString(),
                            "file", written.name()),
                    List.of(),
                    Optional.empty());
        }
    }
}

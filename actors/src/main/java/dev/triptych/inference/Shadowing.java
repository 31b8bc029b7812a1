package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other versions predict what has been answered, and records it beside the answer. On threads of its own, so that
 * no answer waits for it; what goes wrong here, or is too much, is left out and told in the node's log now and then.
 * Thread-safe.
 *
 * <p>A shadow with the same inputs predicts from the very values that were answered from; one with others reads its own
 * at the same instant.
 */
final class Shadowing {

    private static final Logger LOG = LoggerFactory.getLogger(Shadowing.class);

    /** More are left out, so that a slow shadow neither fills the memory nor the prediction log. */
    static final int IN_FLIGHT_MAX = 1_000;

    private static final Duration FEATURES_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration LOG_TIMEOUT = PredictionLog.COMMIT_TIMEOUT.plusSeconds(1);
    private static final Duration TOLD_EVERY = Duration.ofMinutes(1);

    private final ActorSystem<?> actors;
    private final ClusterSharding sharding;
    private final ActorRef<PredictionLog.Command> log;
    private final Executor executor;
    private final PredictionIds ids;
    private final Clock clock;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong leftOut = new AtomicLong();
    private final AtomicLong toldMicros = new AtomicLong(Long.MIN_VALUE);

    /** @param executor runs shadows, and no answers */
    Shadowing(
            ActorSystem<?> actors,
            ActorRef<PredictionLog.Command> log,
            Executor executor,
            PredictionIds ids,
            Clock clock) {
        this.actors = actors;
        this.sharding = ClusterSharding.get(actors);
        this.log = log;
        this.executor = executor;
        this.ids = ids;
        this.clock = clock;
    }

    /** Beside each answer, each shadow but the version that answered. Returns at once, and never fails. */
    void beside(List<Prediction> answers, List<LoadedVersion> shadows) {
        for (LoadedVersion shadow : shadows) {
            List<Prediction> others = answers.stream()
                    .filter(answer ->
                            answer.record().version() != shadow.version().number())
                    .toList();
            if (!others.isEmpty()) {
                begin(others, shadow);
            }
        }
    }

    private void begin(List<Prediction> answers, LoadedVersion shadow) {
        int size = answers.size();
        if (inFlight.addAndGet(size) > IN_FLIGHT_MAX) {
            inFlight.addAndGet(-size);
            leftOut(size, "more than " + IN_FLIGHT_MAX + " are under way");
            return;
        }
        try {
            CompletableFuture.supplyAsync(() -> shadowed(answers, shadow), executor)
                    .thenCompose(stage -> stage)
                    .thenCompose(this::recorded)
                    .whenComplete((reply, failure) -> {
                        inFlight.addAndGet(-size);
                        if (failure != null) {
                            leftOut(size, Causes.message(failure));
                        } else if (reply instanceof PredictionLog.NotAppended(var reason)) {
                            leftOut(size, reason);
                        }
                    });
        } catch (RuntimeException closing) {
            inFlight.addAndGet(-size);
        }
    }

    private CompletionStage<List<PredictionRecord>> shadowed(List<Prediction> answers, LoadedVersion shadow) {
        CompletionStage<List<PredictionRecord>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (Prediction answer : answers) {
            all = all.thenCombine(inputs(answer, shadow.version().signature()), (records, inputs) -> {
                inputs.ifPresent(given -> records.add(record(answer.record(), shadow, given)));
                return records;
            });
        }
        return all;
    }

    /** What a shadow predicts from, and the sequence number it was read at. */
    private record Inputs(long sequenceNr, List<Value> values) {}

    /** Empty where the key is not there for this version. */
    private CompletionStage<Optional<Inputs>> inputs(Prediction answer, Signature signature) {
        PredictionRecord record = answer.record();
        if (answer.signature().inputs().equals(signature.inputs())
                && answer.signature().entity().equals(signature.entity())) {
            return CompletableFuture.completedStage(
                    Optional.of(new Inputs(record.sequenceNr(), values(answer.features()))));
        }
        if (record.key().isEmpty()) {
            return CompletableFuture.completedStage(Optional.of(new Inputs(0, byName(answer, signature))));
        }
        var id = new EntityId(record.system(), signature.entity(), record.key().get());
        return sharding.entityRefFor(FeatureEntity.TYPE_KEY, id.path())
                .ask(
                        (ActorRef<FeatureEntity.ReadReply> replyTo) -> new FeatureEntity.Read(
                                signature.inputs(),
                                Optional.of(record.asOfMicros()),
                                Optional.empty(),
                                Optional.empty(),
                                replyTo),
                        FEATURES_TIMEOUT)
                .thenApply(reply -> switch (reply) {
                    case FeatureEntity.Answer(var vector, long sequenceNr, long asOfMicros) ->
                        sequenceNr == 0
                                ? Optional.empty()
                                : Optional.of(new Inputs(sequenceNr, values(vector.values())));
                    case FeatureEntity.Refused(var reason) -> throw new IllegalStateException(reason.message());
                    case FeatureEntity.JournalUnavailable(var reason) -> throw new IllegalStateException(reason);
                });
    }

    private static List<Value> values(List<FeatureValue> features) {
        return features.stream().map(FeatureValue::value).toList();
    }

    /** Raw features go by their names; those that the answering version did not take are missing. */
    private static List<Value> byName(Prediction answer, Signature signature) {
        var byName = new HashMap<String, Value>();
        List<FeatureRead> inputs = answer.signature().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            byName.put(inputs.get(i).name(), answer.record().given().get(i));
        }
        return signature.inputs().stream()
                .map(input -> byName.getOrDefault(input.name(), Value.Null.NULL))
                .toList();
    }

    private PredictionRecord record(PredictionRecord answer, LoadedVersion shadow, Inputs inputs) {
        var outputs = new ArrayList<Double>();
        for (double output : shadow.predictor().predict(inputs.values())) {
            outputs.add(output);
        }
        return new PredictionRecord(
                ids.next(),
                answer.system(),
                answer.deployment(),
                answer.model(),
                shadow.version().number(),
                answer.key(),
                inputs.sequenceNr(),
                answer.asOfMicros(),
                answer.key().isPresent() ? List.of() : inputs.values(),
                outputs,
                Micros.of(clock.instant()),
                answer.runId(),
                Optional.of(answer.id()));
    }

    private CompletionStage<PredictionLog.AppendReply> recorded(List<PredictionRecord> records) {
        if (records.isEmpty()) {
            return CompletableFuture.completedStage(new PredictionLog.Appended());
        }
        return AskPattern.ask(
                log,
                (ActorRef<PredictionLog.AppendReply> replyTo) ->
                        new PredictionLog.Append(records, PredictionLog.Acknowledge.COMMITTED, replyTo::tell),
                LOG_TIMEOUT,
                actors.scheduler());
    }

    private void leftOut(int count, String reason) {
        leftOut.addAndGet(count);
        long now = Micros.of(clock.instant());
        long told = toldMicros.get();
        if ((told == Long.MIN_VALUE || now - told > Micros.of(TOLD_EVERY)) && toldMicros.compareAndSet(told, now)) {
            LOG.warn("{} shadow predictions were left out, the last because {}", leftOut.getAndSet(0), reason);
        }
    }
}

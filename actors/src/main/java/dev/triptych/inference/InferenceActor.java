package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers for one deployment on one node. */
public final class InferenceActor {

    public sealed interface Command extends CborSerializable {}

    /**
     * @param asOfMicros the instant to read features at; empty for now
     * @param runId the batch run this belongs to; empty online
     */
    public record Predict(
            List<Instance> instances, Optional<Long> asOfMicros, Optional<String> runId, ActorRef<PredictReply> replyTo)
            implements Command {}

    /** The alias or the version behind it may have changed: look again. */
    public record Refresh() implements Command {}

    /**
     * One row to predict.
     *
     * @param key whose features to look up; empty for raw features
     * @param given raw features by {@code view.feature} or by the feature's bare name; those left out are missing
     */
    public record Instance(Optional<String> key, Map<String, Value> given) implements CborSerializable {}

    public sealed interface PredictReply extends CborSerializable {}

    /** @param signature of the version that answered all of them */
    public record Predicted(Signature signature, List<Prediction> predictions) implements PredictReply {}

    /** @param features as they were read, in the signature's order */
    public record Prediction(PredictionRecord record, List<FeatureValue> features) implements CborSerializable {}

    /** An instance that cannot be predicted; none of the request was. */
    public record Refused(Invalid reason) implements PredictReply {}

    /** A key that was never written. */
    public record UnknownKey(String key) implements PredictReply {}

    /** No version is behind the alias yet. */
    public record NoVersion(String model, String alias) implements PredictReply {}

    /** Features or the log could not be reached in time. */
    public record Unavailable(String reason) implements PredictReply {}

    private InferenceActor() {}
}

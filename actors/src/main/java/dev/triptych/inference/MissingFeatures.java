package dev.triptych.inference;

import dev.triptych.kernel.Invalid;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import java.util.List;
import java.util.Optional;

/** What a signature says of inputs that are missing: the required ones must be there, the model copes with others. */
final class MissingFeatures {

    private MissingFeatures() {}

    /**
     * Why a row cannot be predicted; empty if it can.
     *
     * @param key whose features they are; empty where they were given
     * @param field path of the instance in the request
     */
    static Optional<Invalid> refused(
            Signature signature, List<FeatureValue> features, Optional<String> key, String field) {
        for (String required : signature.required()) {
            FeatureValue feature = features.get(signature.position(required));
            if (feature.value() == Value.Null.NULL) {
                return Optional.of(key.map(found -> new Invalid(
                                field + ".key",
                                found,
                                "a key with a value of " + required + ", which the model requires; it is "
                                        + feature.status()))
                        .orElseGet(() -> new Invalid(
                                field + ".features." + required, "missing", "a value: the model requires it")));
            }
        }
        return Optional.empty();
    }
}

package dev.triptych.inference;

import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.FeatureValue.Status;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayList;
import java.util.List;

/** What a deployment's rule says of features outside their maximum age. */
final class StaleFeatures {

    private StaleFeatures() {}

    /** The stale ones, each with the time it is of, where the rule minds them. */
    static List<String> minded(Stale rule, Stale minding, Signature signature, List<FeatureValue> features) {
        return rule == minding && anyOf(features) ? named(signature, features) : List.of();
    }

    private static boolean anyOf(List<FeatureValue> features) {
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).status() == Status.OUTSIDE_MAX_AGE) {
                return true;
            }
        }
        return false;
    }

    private static List<String> named(Signature signature, List<FeatureValue> features) {
        var named = new ArrayList<String>();
        for (int i = 0; i < features.size(); i++) {
            FeatureValue feature = features.get(i);
            if (feature.status() == Status.OUTSIDE_MAX_AGE) {
                named.add(signature.inputs().get(i).name() + " is older than its view allows"
                        + feature.eventMicros()
                                .map(micros -> ": it is of " + Micros.toInstant(micros))
                                .orElse(""));
            }
        }
        return named;
    }
}

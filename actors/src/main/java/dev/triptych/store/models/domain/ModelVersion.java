package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Map;
import java.util.Optional;

/**
 * One immutable version of a model.
 *
 * @param model {@code system/model}
 * @param number 1, 2, 3, … in order of registration
 * @param contentHash SHA-256 over what predicts (trees, weights, domain, transformations): equal for equal training
 * @param artifactHash SHA-256 of the artifact's bytes, its name in the artifact store
 * @param metrics as evaluated, by name
 * @param baselineMetrics every trivial baseline's metrics: by the baseline's name, then by the same names
 * @param confusion counts by actual outcome, then by predicted outcome; empty for regression
 * @param createdMicros UTC microseconds
 * @param evaluatedBy what its predictions are computed with, as found when it was trained; empty for versions older
 *     than this field
 * @param importance how much each input counts; empty for versions older than this field, and where contributions
 *     cannot be told or take too long
 * @param profileHash SHA-256 of its {@linkplain dev.triptych.store.models.domain.profile.VersionProfile profile}, whose
 *     name that is in the artifact store; empty for versions older than this field
 */
public record ModelVersion(
        String model,
        int number,
        String contentHash,
        String artifactHash,
        Signature signature,
        Map<String, Double> metrics,
        Map<String, Map<String, Double>> baselineMetrics,
        Map<String, Map<String, Long>> confusion,
        Provenance provenance,
        long createdMicros,
        Optional<EvaluatedBy> evaluatedBy,
        Optional<FeatureImportance> importance,
        Optional<String> profileHash)
        implements CborSerializable {
    public ModelVersion {
        metrics = Map.copyOf(metrics);
        baselineMetrics = Map.copyOf(baselineMetrics);
        confusion = Map.copyOf(confusion);
    }

    /** The same version with the number and the time the registry gave it. */
    ModelVersion registeredAs(int newNumber, long atMicros) {
        return new ModelVersion(
                model,
                newNumber,
                contentHash,
                artifactHash,
                signature,
                metrics,
                baselineMetrics,
                confusion,
                provenance,
                atMicros,
                evaluatedBy,
                importance,
                profileHash);
    }
}

package dev.triptych.store.models.domain;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Model versions to test with. */
public final class Versions {

    public static final String MODEL = "titanic/survival";

    private Versions() {}

    public static ModelVersion madeBy(String runId) {
        return new ModelVersion(
                MODEL,
                0,
                "content-of-" + runId,
                "artifact-of-" + runId,
                new Signature(
                        "passenger",
                        List.of(
                                new FeatureRead(
                                        "profile",
                                        "age",
                                        FeatureType.FLOAT64,
                                        Optional.of(86_400_000_000L),
                                        FeatureRead.Boundary.INCLUSIVE),
                                new FeatureRead(
                                        "profile",
                                        "sex",
                                        FeatureType.STRING,
                                        Optional.empty(),
                                        FeatureRead.Boundary.EXCLUSIVE)),
                        Task.CLASSIFICATION,
                        "outcome.survived",
                        List.of("false", "true")),
                Map.of("accuracy", 0.75, "log-loss", 0.5),
                Map.of("majority", Map.of("accuracy", 0.625)),
                Map.of("false", Map.of("false", 5L, "true", 1L), "true", Map.of("false", 1L, "true", 1L)),
                new Provenance(
                        runId,
                        "dataset-hash",
                        8,
                        "definition-hash",
                        7,
                        71,
                        42,
                        "xgboost",
                        Map.of("trees", "100", "split", "k-fold 10"),
                        Map.of("tribuo", "4.3.2")),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same with inputs that a prediction must have. */
    static ModelVersion requiring(ModelVersion version, List<String> required) {
        return new ModelVersion(
                version.model(),
                version.number(),
                version.contentHash(),
                version.artifactHash(),
                version.signature().requiring(required),
                version.metrics(),
                version.baselineMetrics(),
                version.confusion(),
                version.provenance(),
                version.createdMicros(),
                version.evaluatedBy(),
                version.importance(),
                version.profileHash());
    }

    /** The same with an evaluator and an importance. */
    static ModelVersion measured(ModelVersion version) {
        return new ModelVersion(
                version.model(),
                version.number(),
                version.contentHash(),
                version.artifactHash(),
                version.signature(),
                version.metrics(),
                version.baselineMetrics(),
                version.confusion(),
                version.provenance(),
                version.createdMicros(),
                Optional.of(new EvaluatedBy("tribuo", "no flat form: KNNModel")),
                Optional.of(new FeatureImportance(8, List.of(0.25, 1.5))),
                Optional.empty());
    }

    /** The same with a profile. */
    static ModelVersion profiled(ModelVersion version) {
        return new ModelVersion(
                version.model(),
                version.number(),
                version.contentHash(),
                version.artifactHash(),
                version.signature(),
                version.metrics(),
                version.baselineMetrics(),
                version.confusion(),
                version.provenance(),
                version.createdMicros(),
                version.evaluatedBy(),
                version.importance(),
                Optional.of("profile-hash"));
    }
}

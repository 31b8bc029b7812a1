package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import dev.triptych.audit.RecordedOutcomes;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Answers;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.domain.Labels;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListPredictionsResponse;
import dev.triptych.v1.Outcome;
import dev.triptych.v1.Prediction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Predictions that were recorded: page by page, or one with all that is known of it. */
final class RecordedPredictions {

    private static final int LIST_MAX = 10_000;
    private static final int LIST_DEFAULT = 100;

    /** The outcomes of a page are read from as many keys' journals. */
    private static final int LIST_WITH_OUTCOMES_MAX = 1_000;

    private final Definitions definitions;
    private final PredictionArchive archive;
    private final RecordedOutcomes outcomes;
    private final Signatures signatures;

    RecordedPredictions(
            ActorSystem<?> system, Definitions definitions, PredictionArchive archive, RecordedOutcomes outcomes) {
        this.definitions = definitions;
        this.archive = archive;
        this.outcomes = outcomes;
        this.signatures = new Signatures(system);
    }

    CompletionStage<ListPredictionsResponse> list(ListPredictionsRequest request) {
        PredictionArchive.Filter filter = filter(request);
        return archive.list(filter)
                .thenApply(records -> {
                    if (records.isEmpty()) {
                        definitions.requireDeclared(request.getSystem(), request.getDeployment());
                    }
                    return records;
                })
                .thenCompose(records -> request.getOutcomes() ? withOutcomes(records) : messages(records, Map.of()))
                .thenCompose(all -> KeptPredictions.in(archive).thenApply(kept -> {
                    var response = ListPredictionsResponse.newBuilder().addAllPredictions(all);
                    kept.lacking(filter.sinceMicros()).ifPresent(response::setKeptSince);
                    return response.build();
                }));
    }

    private static PredictionArchive.Filter filter(ListPredictionsRequest request) {
        int limitMax = request.getOutcomes() ? LIST_WITH_OUTCOMES_MAX : LIST_MAX;
        if (request.getLimit() < 0 || request.getLimit() > limitMax) {
            throw Statuses.invalid(
                    "limit",
                    String.valueOf(request.getLimit()),
                    "1 to " + limitMax + (request.getOutcomes() ? " with outcomes" : ""));
        }
        return new PredictionArchive.Filter(
                Translation.given(request.getSystem()),
                Translation.given(request.getDeployment()),
                Translation.given(request.getKey()),
                request.getVersion() == 0 ? Optional.empty() : Optional.of(request.getVersion()),
                Translation.given(request.getRunId()),
                Translation.micros(request.hasSince(), request.getSince(), "since"),
                Translation.micros(request.hasUntil(), request.getUntil(), "until"),
                Translation.given(request.getAfter()),
                request.getLimit() == 0 ? LIST_DEFAULT : request.getLimit(),
                request.getNewestFirst());
    }

    private CompletionStage<List<Prediction>> withOutcomes(List<PredictionRecord> records) {
        Map<String, List<PredictionRecord>> byModel =
                records.stream().collect(Collectors.groupingBy(PredictionRecord::modelPath));
        var found = byModel.values().stream().map(this::outcomes).toList();
        return Answers.all(found).thenCompose(maps -> {
            var all = new HashMap<String, FeatureRow>();
            maps.forEach(all::putAll);
            return messages(records, all);
        });
    }

    /** @param records of one model */
    private CompletionStage<Map<String, FeatureRow>> outcomes(List<PredictionRecord> records) {
        return training(records.getFirst())
                .map(pipeline -> outcomes.outcomes(records, pipeline.entity(), pipeline.label()))
                .orElseGet(() -> CompletableFuture.completedStage(Map.of()));
    }

    /** What says which feature tells outcomes; a definition that is gone says nothing. */
    private Optional<TrainingPipelineDefinition> training(PredictionRecord record) {
        return definitions.systems().stream()
                .filter(system -> system.name().equals(record.system()))
                .findFirst()
                .flatMap(system -> system.trainingPipelineOf(record.model()));
    }

    private CompletionStage<List<Prediction>> messages(
            List<PredictionRecord> records, Map<String, FeatureRow> outcomes) {
        return Answers.all(records.stream()
                .map(record -> signatures.of(record).thenApply(signature -> {
                    Prediction.Builder wire = PredictionEndpoint.begun(record, signature);
                    Optional.ofNullable(outcomes.get(record.id())).ifPresent(row -> wire.setOutcome(wire(row)));
                    return wire.build();
                }))
                .toList());
    }

    CompletionStage<Prediction> get(String id) {
        return archive.find(id)
                .thenCombine(KeptPredictions.in(archive), (found, kept) -> found.orElseThrow(() -> kept.unknown(id)))
                .thenCompose(record -> outcomes.details(record, training(record).map(TrainingPipelineDefinition::label))
                        .thenApply(details -> wire(record, details)));
    }

    private static Prediction wire(PredictionRecord record, RecordedOutcomes.Details details) {
        Signature signature = details.signature();
        Prediction.Builder wire = PredictionEndpoint.begun(record, Optional.of(signature));
        for (int i = 0; i < details.features().size(); i++) {
            FeatureRead input = signature.inputs().get(i);
            wire.addFeatures(Translation.wire(input, details.features().get(i)));
        }
        details.explanation().ifPresent(explanation -> PredictionEndpoint.explain(explanation, signature, wire));
        details.outcome().ifPresent(row -> wire.setOutcome(wire(row)));
        return wire.build();
    }

    private static Outcome wire(FeatureRow label) {
        return Outcome.newBuilder()
                .setValue(Labels.outcome(label.values().getFirst()))
                .setEventTime(Translation.timestamp(label.eventMicros()))
                .build();
    }
}

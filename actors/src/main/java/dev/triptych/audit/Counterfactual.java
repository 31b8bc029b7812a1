package dev.triptych.audit;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import dev.triptych.audit.domain.Differences;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * What if another version had answered? Computes its answers to recorded questions, from the features as they were, and
 * sets them beside those that were given, with the quality of both where the outcome has arrived since.
 */
public final class Counterfactual {

    private final ActorSystem<?> system;
    private final PredictionArchive archive;
    private final FeatureJournal journal;
    private final LoadedVersions versions;
    private final Executor evaluation;
    private final Clock clock;

    /** @param evaluation runs folds and predictors */
    public Counterfactual(
            ActorSystem<?> system,
            PredictionArchive archive,
            FeatureJournal journal,
            LoadedVersions versions,
            Executor evaluation,
            Clock clock) {
        this.system = system;
        this.archive = archive;
        this.journal = journal;
        this.versions = versions;
        this.evaluation = evaluation;
        this.clock = clock;
    }

    /**
     * Compares every prediction that the filter names with what another version answers.
     *
     * @param filter names one deployment's predictions; its limit is how many are fetched at once
     * @param model {@code system/model} of the deployment; records of another model are passed over
     * @param version to compare with
     * @param label the feature that tells outcomes; empty where there are none. The outcome of a prediction is the
     *     first of its key's labels at or after the instant predicted at.
     * @param done told how many were compared, page by page
     * @return fails with {@link LoadedVersions.NoSuchVersionException} if there is no such version
     */
    public CompletionStage<Comparison> compare(
            Filter filter, String model, int version, Optional<FeatureRead> label, LongConsumer done) {
        return versions.find(model, version)
                .thenCombine(versions.registered(model), (other, registered) -> new Question(other, registered, label))
                .thenCompose(question -> compare(filter, question, done));
    }

    private record Question(LoadedVersion other, RegisteredModel model, Optional<FeatureRead> label) {

        Signature signature() {
            return other.version().signature();
        }

        Optional<EntityId> entity(PredictionRecord record) {
            return PastStates.entity(record, signature());
        }
    }

    private CompletionStage<Comparison> compare(Filter filter, Question question, LongConsumer done) {
        var differences = new Differences();
        var judged = new Comparison.Judged(question.signature());
        return RecordedPages.of(archive, filter, clock)
                .mapAsync(1, page -> {
                    List<PredictionRecord> asked = page.stream()
                            .filter(record ->
                                    record.modelPath().equals(question.model().model()))
                            // Nobody was given a shadow's answer, and its question is there already.
                            .filter(record -> record.shadowOf().isEmpty())
                            .toList();
                    return journal.events(reached(asked, question))
                            .thenApplyAsync(
                                    entries -> {
                                        compare(asked, question, new PastStates(entries), differences, judged);
                                        done.accept(differences.compared());
                                        return page.size();
                                    },
                                    evaluation);
                })
                .runWith(Sink.ignore(), system)
                .thenApply(ended -> Comparison.of(differences, judged));
    }

    /** Entire journals: outcomes arrive after what was predicted. */
    private static Map<EntityId, Long> reached(List<PredictionRecord> records, Question question) {
        var reached = new HashMap<EntityId, Long>();
        records.forEach(record -> question.entity(record).ifPresent(entity -> reached.put(entity, Long.MAX_VALUE)));
        return reached;
    }

    private static void compare(
            List<PredictionRecord> records,
            Question question,
            PastStates states,
            Differences differences,
            Comparison.Judged judged) {
        for (PredictionRecord record : records) {
            if (states.isErased(record, question.signature())) {
                differences.addErased();
                continue;
            }
            List<Value> inputs = states.inputs(record, question.signature()).orElseGet(() -> given(record, question));
            List<Double> answer = Arrays.stream(question.other().predictor().predict(inputs))
                    .boxed()
                    .toList();
            differences.add(question.signature(), record.outputs(), answer);
            outcome(record, question, states).ifPresent(outcome -> judged.add(outcome, record.outputs(), answer));
        }
    }

    /** Raw inputs go by their names; one that the version of then did not take is missing. */
    private static List<Value> given(PredictionRecord record, Question question) {
        var byName = new HashMap<String, Value>();
        List<FeatureRead> then = question.model()
                .version(record.version())
                .map(version -> version.signature().inputs())
                .orElse(List.of());
        for (int i = 0; i < Math.min(then.size(), record.given().size()); i++) {
            byName.put(then.get(i).name(), record.given().get(i));
        }
        return question.signature().inputs().stream()
                .map(input -> byName.getOrDefault(input.name(), Value.Null.NULL))
                .toList();
    }

    private static Optional<Value> outcome(PredictionRecord record, Question question, PastStates states) {
        if (question.label().isEmpty()) {
            return Optional.empty();
        }
        return question.entity(record)
                .flatMap(entity -> states.outcome(entity, question.label().get(), record))
                .map(row -> row.values().getFirst());
    }
}

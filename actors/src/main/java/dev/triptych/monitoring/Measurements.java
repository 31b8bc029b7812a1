package dev.triptych.monitoring;

import dev.triptych.audit.PastStates;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.PredictionRecords.Count;
import dev.triptych.monitoring.PredictionRecords.Question;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.VersionProfiles;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.profile.VersionProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Measures what a deployment was asked and what it answered, out of the record itself: the features of a prediction are
 * folded from the journal as replay folds them, so nothing is counted while it predicts, nothing can be lost in a crash,
 * and every measure can be had again. Of a window with more predictions than {@value #SAMPLE_MAX} an even sample is
 * looked at. Thread-safe.
 */
public final class Measurements {

    /** PSI over ten bins is then within about 0.01 of that of all rows. */
    public static final int SAMPLE_MAX = 2_000;

    /** Of a whole time, in steps. */
    public static final int SAMPLE_OF_STEPS_MAX = 10_000;

    static final int POINTS_MAX = 500;

    /** So many entities' journals are in memory at once. */
    private static final int RECORDS_PER_PAGE = 500;

    private final PredictionRecords records;
    private final FeatureJournal journal;
    private final LoadedVersions versions;
    private final VersionProfiles profiles;
    private final Executor executor;

    /** @param executor runs folds and comparisons */
    public Measurements(
            PredictionRecords records,
            FeatureJournal journal,
            LoadedVersions versions,
            VersionProfiles profiles,
            Executor executor) {
        this.records = records;
        this.journal = journal;
        this.versions = versions;
        this.profiles = profiles;
        this.executor = executor;
    }

    /** Predictions that belong together: one version's where one is meant, and callers' where there are any. */
    private record Chosen(int version, boolean batch, long predictions) {}

    /** @param version to compare with; empty for the one that answered most */
    public CompletionStage<DriftReport> drift(
            SystemDefinition system,
            DeploymentDefinition deployment,
            Optional<Integer> version,
            long fromMicros,
            long untilMicros) {
        var question = new Question(system.name(), deployment.name(), fromMicros, untilMicros);
        return records.counts(question, untilMicros - fromMicros).thenCompose(counts -> {
            Chosen chosen = chosen(counts, version);
            if (chosen.predictions() == 0) {
                return CompletableFuture.completedStage(nothing(question, chosen, "nothing was predicted"));
            }
            return versions.registered(system.name() + "/" + deployment.model())
                    .thenCompose(model -> drift(question, chosen, model));
        });
    }

    private static DriftReport nothing(Question question, Chosen chosen, String problem) {
        return new DriftReport(
                chosen.version(),
                chosen.batch(),
                question.fromMicros(),
                question.untilMicros(),
                chosen.predictions(),
                0,
                List.of(),
                Optional.of(problem));
    }

    private CompletionStage<DriftReport> drift(Question question, Chosen chosen, RegisteredModel model) {
        Optional<ModelVersion> version = model.version(chosen.version());
        if (version.isEmpty()) {
            return CompletableFuture.completedStage(
                    nothing(question, chosen, "version " + chosen.version() + " is not in the registry"));
        }
        return profiles.of(version.get())
                .thenCompose(profile -> profile.isEmpty()
                        ? CompletableFuture.completedStage(nothing(
                                question,
                                chosen,
                                "version " + chosen.version() + " was trained before baselines were kept"))
                        : drift(question, chosen, version.get().signature(), profile.get()));
    }

    private CompletionStage<DriftReport> drift(
            Question question, Chosen chosen, Signature signature, VersionProfile profile) {
        var columns = new LiveColumns(signature);
        return records.sample(question, chosen.version(), chosen.batch(), chosen.predictions(), SAMPLE_MAX)
                .thenCompose(sample -> fold(
                        sample,
                        signature,
                        PredictionRecord::sequenceNr,
                        folded -> folded.records().forEach(record -> columns.add(record, folded.states()))))
                .thenApply(done -> new DriftReport(
                        chosen.version(),
                        chosen.batch(),
                        question.fromMicros(),
                        question.untilMicros(),
                        chosen.predictions(),
                        columns.rows(),
                        columns.against(profile),
                        Optional.empty()));
    }

    /**
     * @param version whose answers are meant; empty for all
     * @param stepMicros length of a step
     * @param sampleMax so many predictions are looked at, about
     */
    public CompletionStage<QualityReport> quality(
            SystemDefinition system,
            DeploymentDefinition deployment,
            Optional<Integer> version,
            long fromMicros,
            long untilMicros,
            long stepMicros,
            int sampleMax) {
        var question = new Question(system.name(), deployment.name(), fromMicros, untilMicros);
        Optional<FeatureRead> label =
                system.trainingPipelineOf(deployment.model()).map(TrainingPipelineDefinition::label);
        return records.counts(question, stepMicros).thenCompose(counts -> {
            Chosen most = chosen(counts, version);
            long predictions = counts.stream()
                    .filter(count -> count.batch() == most.batch())
                    .filter(count -> version.isEmpty() || count.version() == version.get())
                    .mapToLong(Count::predictions)
                    .sum();
            return versions.registered(system.name() + "/" + deployment.model()).thenCompose(model -> {
                Optional<Signature> signature = model.version(most.version()).map(ModelVersion::signature);
                var steps = new JudgedSteps(question, stepMicros, signature, label, model);
                return signature.isEmpty()
                        ? CompletableFuture.completedStage(steps.report(most.version(), most.batch(), predictions))
                        : judge(steps, question, version.orElse(0), most, predictions, signature.get(), sampleMax);
            });
        });
    }

    private CompletionStage<QualityReport> judge(
            JudgedSteps steps,
            Question question,
            int version,
            Chosen most,
            long predictions,
            Signature signature,
            int sampleMax) {
        return records.sample(question, version, most.batch(), predictions, sampleMax)
                // Entire journals: outcomes arrive after what was predicted.
                .thenCompose(sample -> fold(
                        sample,
                        signature,
                        record -> Long.MAX_VALUE,
                        folded -> folded.records().forEach(record -> steps.add(record, folded.states()))))
                .thenApply(done -> steps.report(most.version(), most.batch(), predictions));
    }

    /**
     * How many predictions there are in every step in which there are any, by time, version and who asked.
     *
     * @param stepMicros length of a step
     */
    public CompletionStage<List<Count>> traffic(
            SystemDefinition system,
            DeploymentDefinition deployment,
            long fromMicros,
            long untilMicros,
            long stepMicros) {
        return records.counts(new Question(system.name(), deployment.name(), fromMicros, untilMicros), stepMicros);
    }

    /** The version asked for, or else the one with most predictions, the newest of equals; callers' before batches'. */
    private static Chosen chosen(List<Count> counts, Optional<Integer> version) {
        List<Count> meant = counts.stream()
                .filter(count -> version.isEmpty() || count.version() == version.get())
                .toList();
        boolean batch = !meant.isEmpty() && meant.stream().allMatch(Count::batch);
        var byVersion = new TreeMap<Integer, Long>();
        meant.stream()
                .filter(count -> count.batch() == batch)
                .forEach(count -> byVersion.merge(count.version(), count.predictions(), Long::sum));
        return byVersion.entrySet().stream()
                .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(most -> new Chosen(most.getKey(), batch, most.getValue()))
                .orElseGet(() -> new Chosen(version.orElse(0), false, 0));
    }

    private record Folded(List<PredictionRecord> records, PastStates states) {}

    private interface Reach {
        long sequenceNr(PredictionRecord record);
    }

    /** Page by page, each with the journals of its entities as far as they are needed. */
    private CompletionStage<Void> fold(
            List<PredictionRecord> sample, Signature signature, Reach reach, Consumer<Folded> each) {
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (int from = 0; from < sample.size(); from += RECORDS_PER_PAGE) {
            List<PredictionRecord> page = sample.subList(from, Math.min(from + RECORDS_PER_PAGE, sample.size()));
            var needed = new HashMap<EntityId, Long>();
            page.forEach(record -> PastStates.entity(record, signature)
                    .ifPresent(entity -> needed.merge(entity, reach.sequenceNr(record), Math::max)));
            done = done.thenCompose(before -> journal.events(needed))
                    .thenAcceptAsync(entries -> each.accept(new Folded(page, new PastStates(entries))), executor);
        }
        return done;
    }
}

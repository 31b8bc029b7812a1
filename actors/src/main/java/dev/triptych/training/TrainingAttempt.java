package dev.triptych.training;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.VersionProfiles;
import dev.triptych.store.models.domain.FeatureImportance;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Provenance;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.ModelTrainer.Fitted;
import dev.triptych.training.domain.BaselineRule;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetSchema;
import dev.triptych.training.domain.Evaluation;
import dev.triptych.training.domain.GateResult;
import dev.triptych.training.domain.Labels;
import dev.triptych.training.domain.Split;
import dev.triptych.training.domain.UnusableDatasetException;
import dev.triptych.training.domain.Verdict;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One attempt at a training run, from the journal's horizon to a model that is stored, measured and judged. Blocks the
 * calling thread, a training thread. What it leaves behind is content-addressed, so that another attempt at the same
 * run changes nothing.
 */
final class TrainingAttempt {

    private static final Duration PORT_TIMEOUT = Duration.ofMinutes(1);

    /**
     * @param system as it is declared now
     * @param registered asks the registry for the model as it is then
     */
    record Task(
            String runId,
            String model,
            SystemDefinition system,
            TrainingPipelineDefinition pipeline,
            Horizon horizon,
            Supplier<CompletionStage<RegisteredModel>> registered) {}

    /**
     * Hears how far the attempt is, on any of its threads; throws {@link java.util.concurrent.CancellationException} to end
     * it.
     */
    interface Listener {
        /** @param total 0 where it is not known */
        void progressed(String phase, long done, long total);

        void datasetBuilt(Dataset dataset);
    }

    /** @param candidate its number and time are the registry's to give */
    record Result(ModelVersion candidate, List<GateResult> gates, Verdict verdict) {}

    private final TrainingPorts ports;
    private final Task task;
    private final TrainingPipelineDefinition pipeline;
    private final Listener listener;

    TrainingAttempt(TrainingPorts ports, Task task, Listener listener) {
        this.ports = ports;
        this.task = task;
        this.pipeline = task.pipeline();
        this.listener = listener;
    }

    /**
     * @throws UnusableDatasetException if the rows cannot be trained on
     * @throws ModelTrainer.UntrainableException if data or parameters rule a model out
     */
    Result run() {
        Dataset dataset = dataset();
        listener.progressed("keeping the dataset", 0, dataset.size());
        ports.snapshots().keep(task.system().name(), pipeline.entity(), dataset);
        listener.datasetBuilt(dataset);

        Signature signature =
                Labels.signature(pipeline.entity(), pipeline.task(), dataset).requiring(pipeline.required());
        var heldOut = new HeldOut(dataset, signature, Split.of(pipeline.split(), dataset, pipeline.seed()));
        Recipe recipe = Recipe.of(pipeline);
        HeldOut.Rehearsed rehearsed = rehearse(heldOut, recipe);
        boolean onAll = isFittedOnAll();
        Fitted fitted = onAll ? heldOut.fitOnAll(recipe, ports.trainer()) : rehearsed.last();
        listener.progressed("fitting", fits(heldOut), fits(heldOut));

        Map<String, Map<String, Double>> baselines = baselines(heldOut, signature);
        List<GateResult> gates = pipeline.gates().stream()
                .map(gate -> GateResult.check(gate, rehearsed.evaluation().metrics(), baselines))
                .toList();
        Verdict verdict = verdict(dataset, heldOut, recipe, fitted, rehearsed.evaluation(), gates);

        listener.progressed("measuring the importance of features", 0, 1);
        Optional<FeatureImportance> importance = onAll
                ? heldOut.importanceOnAll(fitted.predictor(), pipeline.seed())
                : heldOut.importanceOnLast(fitted.predictor(), pipeline.seed());

        listener.progressed("storing the model", 0, 1);
        String artifactHash = answer("artifact store", ports.artifacts().put(fitted.artifact()));
        String profileHash = answer(
                "artifact store",
                new VersionProfiles(ports.artifacts())
                        .put(heldOut.profile(rehearsed.heldOut(), fitted.predictor(), onAll)));
        return new Result(
                candidate(
                        dataset,
                        signature,
                        recipe,
                        fitted,
                        artifactHash,
                        rehearsed.evaluation(),
                        baselines,
                        importance,
                        profileHash),
                gates,
                verdict);
    }

    private Dataset dataset() {
        DatasetSchema schema = DatasetSchema.of(task.system(), pipeline);
        Dataset dataset = new DatasetBuild(
                        schema,
                        ports.offlineStore()
                                .slices(task.system().name(), pipeline.entity(), schema.views(), task.horizon()),
                        keys -> listener.progressed("building the dataset", keys, 0))
                .run();
        if (dataset.size() == 0) {
            throw new UnusableDatasetException("dataset of " + task.model() + ": 0 rows have a label, "
                    + dataset.rowsWithoutLabel() + " have none (expected: rows of the view "
                    + pipeline.label().view() + " with " + pipeline.label().feature() + "; run its feature pipeline)");
        }
        return dataset;
    }

    private HeldOut.Rehearsed rehearse(HeldOut heldOut, Recipe recipe) {
        listener.progressed("fitting", 0, fits(heldOut));
        return heldOut.rehearse(recipe, ports.trainer(), done -> listener.progressed("fitting", done, fits(heldOut)));
    }

    private int fits(HeldOut heldOut) {
        return heldOut.fits() + (isFittedOnAll() ? 1 : 0);
    }

    /** With k folds the version itself is fitted on all rows; otherwise it is the one that was evaluated. */
    private boolean isFittedOnAll() {
        return pipeline.split() instanceof SplitDefinition.KFold;
    }

    private Map<String, Map<String, Double>> baselines(HeldOut heldOut, Signature signature) {
        var metrics = new HashMap<String, Map<String, Double>>();
        for (BaselineDefinition baseline : BaselineRule.shown(pipeline.baselines(), signature)) {
            metrics.put(baseline.name(), heldOut.baseline(baseline).metrics());
        }
        return metrics;
    }

    private Verdict verdict(
            Dataset dataset,
            HeldOut heldOut,
            Recipe recipe,
            Fitted fitted,
            Evaluation evaluation,
            List<GateResult> gates) {
        RegisteredModel registered = answer("model registry", task.registered().get());
        Optional<ModelVersion> champion = registered.behind(TrainingSupervisor.CHAMPION);
        Optional<Verdict> early =
                Verdict.withoutComparison(pipeline.promotion(), gates, champion, fitted.contentHash());
        if (early.isPresent()) {
            return early.get();
        }
        listener.progressed("comparing with the champion", 0, 1);
        return new ChampionComparison(pipeline, dataset, heldOut, ports.trainer(), this::load)
                .verdict(recipe.with(fitted.parameters()), evaluation, champion.orElseThrow());
    }

    private Predictor load(ModelVersion version) {
        byte[] artifact = answer("artifact store", ports.artifacts().get(version.artifactHash()))
                .orElseThrow(() -> new IllegalStateException(
                        "artifact " + version.artifactHash() + " of version " + version.number() + " is missing"));
        return ports.loader().load(artifact, version.signature());
    }

    private ModelVersion candidate(
            Dataset dataset,
            Signature signature,
            Recipe recipe,
            Fitted fitted,
            String artifactHash,
            Evaluation evaluation,
            Map<String, Map<String, Double>> baselines,
            Optional<FeatureImportance> importance,
            String profileHash) {
        var provenance = new Provenance(
                task.runId(),
                dataset.hash(),
                dataset.size(),
                task.system().hash(),
                task.horizon().transaction(),
                task.horizon().ordering(),
                pipeline.seed(),
                pipeline.trainer().kind(),
                recipe.with(fitted.parameters()).recorded(pipeline.split()),
                fitted.libraries());
        return new ModelVersion(
                task.model(),
                0,
                fitted.contentHash(),
                artifactHash,
                signature,
                evaluation.metrics(),
                baselines,
                evaluation.confusion(),
                provenance,
                0,
                Optional.of(fitted.predictor().evaluatedBy()),
                importance,
                Optional.of(profileHash));
    }

    private static <T> T answer(String who, CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PORT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException(who + " did not answer within " + PORT_TIMEOUT.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the " + who, interrupted);
        } catch (java.util.concurrent.ExecutionException failed) {
            throw new CompletionException(who + ": " + failed.getCause(), failed.getCause());
        }
    }
}

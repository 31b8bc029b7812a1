package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainerKind;
import dev.triptych.store.models.domain.Task;
import dev.triptych.training.ModelTrainer.UntrainableException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.classification.xgboost.XGBoostClassificationTrainer;
import org.tribuo.common.tree.RandomForestTrainer;
import org.tribuo.common.xgboost.XGBoostTrainer.BoosterType;
import org.tribuo.common.xgboost.XGBoostTrainer.LoggingVerbosity;
import org.tribuo.common.xgboost.XGBoostTrainer.TreeMethod;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.CARTRegressionTrainer;
import org.tribuo.regression.rtree.impurity.MeanSquaredError;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer;
import org.tribuo.regression.xgboost.XGBoostRegressionTrainer.RegressionType;

/** Tribuo's trainers by the kinds that definitions name. */
final class Trainers {

    /** XGBoost's seed is read as a signed 32-bit number by some of its parts. */
    private static final long XGBOOST_SEED_MASK = 0x7fff_ffffL;

    private Trainers() {}

    /** @throws UntrainableException if there is no such kind, or it does not do the task */
    static TrainerKind kind(TrainerDefinition trainer, Task task) {
        return TrainerKind.ofLabel(trainer.kind())
                .filter(kind -> kind.does(task))
                .orElseThrow(() -> new UntrainableException("trainer: " + trainer.kind() + " (expected: "
                        + Arrays.stream(TrainerKind.values())
                                .filter(kind -> kind.does(task))
                                .map(TrainerKind::label)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    static boolean takesMissing(TrainerKind kind) {
        return kind == TrainerKind.XGBOOST;
    }

    static Trainer<Label> classification(TrainerKind kind, TrainerParameters parameters, long seed) {
        return switch (kind) {
            case LOGISTIC_REGRESSION -> {
                var linear = Linear.of(parameters);
                yield new LinearSGDTrainer(
                        new LogMulticlass(),
                        linear.optimiser(),
                        linear.epochs(),
                        Integer.MAX_VALUE,
                        linear.batch(),
                        seed);
            }
            case RANDOM_FOREST -> {
                var forest = Forest.of(parameters);
                yield new RandomForestTrainer<>(
                        new CARTClassificationTrainer(
                                forest.depth(), forest.leafRows(), 0, forest.features(), false, new GiniIndex(), seed),
                        new MeanProbabilities(),
                        forest.trees(),
                        seed);
            }
            case XGBOOST -> {
                var boost = Boosting.of(parameters);
                yield new XGBoostClassificationTrainer(
                        BoosterType.GBTREE,
                        TreeMethod.HIST,
                        boost.trees(),
                        boost.rate(),
                        boost.gamma(),
                        boost.depth(),
                        boost.childWeight(),
                        boost.rows(),
                        boost.columns(),
                        boost.lambda(),
                        boost.alpha(),
                        boost.threads(),
                        LoggingVerbosity.SILENT,
                        seed & XGBOOST_SEED_MASK);
            }
            case LINEAR_REGRESSION -> throw new IllegalArgumentException("linear-regression does no classification");
        };
    }

    /** @param labels mean and deviation of the labels, by which a linear model is fitted */
    static Trainer<Regressor> regression(TrainerKind kind, TrainerParameters parameters, LabelScale labels, long seed) {
        return switch (kind) {
            case LINEAR_REGRESSION -> {
                var linear = Linear.of(parameters);
                yield new ScaledLinearTrainer(labels, linear.optimiser(), linear.epochs(), linear.batch(), seed);
            }
            case RANDOM_FOREST -> {
                var forest = Forest.of(parameters);
                yield new RandomForestTrainer<>(
                        new CARTRegressionTrainer(
                                forest.depth(),
                                forest.leafRows(),
                                0,
                                forest.features(),
                                false,
                                new MeanSquaredError(),
                                seed),
                        new AveragingCombiner(),
                        forest.trees(),
                        seed);
            }
            case XGBOOST -> {
                var boost = Boosting.of(parameters);
                yield new XGBoostRegressionTrainer(
                        BoosterType.GBTREE,
                        TreeMethod.HIST,
                        RegressionType.LINEAR,
                        boost.trees(),
                        boost.rate(),
                        boost.gamma(),
                        boost.depth(),
                        boost.childWeight(),
                        boost.rows(),
                        boost.columns(),
                        boost.lambda(),
                        boost.alpha(),
                        boost.threads(),
                        LoggingVerbosity.SILENT,
                        seed & XGBOOST_SEED_MASK);
            }
            case LOGISTIC_REGRESSION -> throw new IllegalArgumentException("logistic-regression does no regression");
        };
    }

    /** @param batch rows a step */
    private record Linear(int epochs, double rate, int batch) {
        static Linear of(TrainerParameters parameters) {
            return new Linear(
                    parameters.whole("epochs"), parameters.real("learning-rate"), parameters.whole("minibatch"));
        }

        AdaGrad optimiser() {
            return new AdaGrad(rate);
        }
    }

    /** @param features share of the features looked at for a split */
    private record Forest(int trees, int depth, float leafRows, float features) {
        static Forest of(TrainerParameters parameters) {
            return new Forest(
                    parameters.whole("trees"), parameters.whole("max-depth"), parameters.whole("min-leaf-rows"), (float)
                            parameters.real("feature-fraction"));
        }
    }

    private record Boosting(
            int trees,
            double rate,
            int depth,
            double childWeight,
            double rows,
            double columns,
            double lambda,
            double alpha,
            double gamma,
            int threads) {
        static Boosting of(TrainerParameters parameters) {
            return new Boosting(
                    parameters.whole("trees"),
                    parameters.real("learning-rate"),
                    parameters.whole("max-depth"),
                    parameters.real("min-child-weight"),
                    parameters.real("subsample"),
                    parameters.real("feature-fraction"),
                    parameters.real("lambda"),
                    parameters.real("alpha"),
                    parameters.real("gamma"),
                    parameters.whole("threads"));
        }
    }
}

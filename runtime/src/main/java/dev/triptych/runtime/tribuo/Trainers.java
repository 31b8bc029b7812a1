package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.training.ModelTrainer.UntrainableException;
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

    static boolean takesMissing(TrainerDefinition trainer) {
        return trainer.kind().equals("xgboost");
    }

    static Trainer<Label> classification(TrainerDefinition trainer, TrainerParameters parameters, long seed) {
        return switch (trainer.kind()) {
            case "logistic-regression" -> {
                var linear = Linear.of(parameters);
                yield new LinearSGDTrainer(
                        new LogMulticlass(),
                        linear.optimiser(),
                        linear.epochs(),
                        Integer.MAX_VALUE,
                        linear.batch(),
                        seed);
            }
            case "random-forest" -> {
                var forest = Forest.of(parameters);
                yield new RandomForestTrainer<>(
                        new CARTClassificationTrainer(
                                forest.depth(), forest.leafRows(), 0, forest.features(), false, new GiniIndex(), seed),
                        new MeanProbabilities(),
                        forest.trees(),
                        seed);
            }
            case "xgboost" -> {
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
            default -> throw unknown(trainer, "logistic-regression, random-forest or xgboost for a classification");
        };
    }

    /** @param labels mean and deviation of the labels, by which a linear model is fitted */
    static Trainer<Regressor> regression(
            TrainerDefinition trainer, TrainerParameters parameters, LabelScale labels, long seed) {
        return switch (trainer.kind()) {
            case "linear-regression" -> {
                var linear = Linear.of(parameters);
                yield new ScaledLinearTrainer(labels, linear.optimiser(), linear.epochs(), linear.batch(), seed);
            }
            case "random-forest" -> {
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
            case "xgboost" -> {
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
            default -> throw unknown(trainer, "linear-regression, random-forest or xgboost for a regression");
        };
    }

    private static UntrainableException unknown(TrainerDefinition trainer, String expected) {
        return new UntrainableException("trainer: " + trainer.kind() + " (expected: " + expected + ")");
    }

    /** @param batch rows a step */
    private record Linear(int epochs, double rate, int batch) {
        static Linear of(TrainerParameters parameters) {
            return new Linear(
                    parameters.whole("epochs", 50, 1, 10_000),
                    parameters.real("learning-rate", 0.1, 1e-6, 10),
                    parameters.whole("minibatch", 1, 1, 100_000));
        }

        AdaGrad optimiser() {
            return new AdaGrad(rate);
        }
    }

    /** @param features share of the features looked at for a split */
    private record Forest(int trees, int depth, float leafRows, float features) {
        static Forest of(TrainerParameters parameters) {
            return new Forest(
                    parameters.whole("trees", 100, 1, 10_000),
                    parameters.whole("max-depth", 8, 1, 64),
                    parameters.whole("min-leaf-rows", 3, 1, 1_000_000),
                    (float) parameters.real("feature-fraction", 0.5, 0.01, 1));
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
                    parameters.whole("trees", 100, 1, 100_000),
                    parameters.real("learning-rate", 0.1, 1e-6, 1),
                    parameters.whole("max-depth", 4, 1, 32),
                    parameters.real("min-child-weight", 1, 0, 1e9),
                    parameters.real("subsample", 1, 0.01, 1),
                    parameters.real("feature-fraction", 1, 0.01, 1),
                    parameters.real("lambda", 1, 0, 1e9),
                    parameters.real("alpha", 0, 0, 1e9),
                    parameters.real("gamma", 0, 0, 1e9),
                    // One, as XGBoost's threads wait by spinning: on two busy cores two of them took twenty times
                    // as long. A parameter, so that the order in which sums are added up belongs to the recipe.
                    parameters.whole("threads", 1, 1, 1_024));
        }
    }
}

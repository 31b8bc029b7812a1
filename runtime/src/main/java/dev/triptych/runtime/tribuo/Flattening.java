package dev.triptych.runtime.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.triptych.store.models.domain.evaluator.Combination;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import dev.triptych.store.models.domain.evaluator.FlatTrees;
import dev.triptych.store.models.domain.evaluator.LinearEvaluator;
import dev.triptych.store.models.domain.evaluator.TreeEvaluator;
import java.util.List;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.classification.Label;
import org.tribuo.common.sgd.AbstractLinearSGDModel;
import org.tribuo.common.tree.LeafNode;
import org.tribuo.common.tree.Node;
import org.tribuo.common.tree.SplitNode;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.ensemble.WeightedEnsembleModel;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.protos.core.WeightedEnsembleModelProto;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.ensemble.AveragingCombiner;
import org.tribuo.regression.rtree.IndependentRegressionTreeModel;
import org.tribuo.util.Util;

/**
 * Tribuo's models as evaluators whose columns are the model's features by their ids: XGBoost, CART trees, forests and
 * linear models of one regression output or of a classification.
 *
 * <p>Tribuo's trees keep no counts of rows, so their covers are those of a full binary tree: both ways from a split
 * count the same.
 */
final class Flattening {

    private Flattening() {}

    /** @throws IllegalArgumentException if there is no flat form of this model; the message says why */
    static Evaluator of(Model<?> model, boolean classifies) {
        return switch (model) {
            case XGBoostModel<?> boosted
            when boosted.getInnerModels().size() == 1 ->
                Boosters.flattened(
                        boosted.getInnerModels().getFirst(),
                        model.getFeatureIDMap().size(),
                        classifies);
            case WeightedEnsembleModel<?> forest -> forest(forest, classifies);
            case TreeModel<?> tree -> forest(List.of(tree), model, new float[] {1}, classifies);
            case org.tribuo.classification.sgd.linear.LinearSGDModel linear -> linear(linear, true);
            case org.tribuo.regression.sgd.linear.LinearSGDModel linear -> linear(linear, false);
            default -> throw unfit(model.getClass().getSimpleName());
        };
    }

    /** Combiner and weights are read from what the model would be saved as, as Tribuo gives them nowhere else. */
    private static Evaluator forest(WeightedEnsembleModel<?> forest, boolean classifies) {
        try {
            WeightedEnsembleModelProto saved =
                    forest.serialize().getSerializedData().unpack(WeightedEnsembleModelProto.class);
            String combiner = saved.getCombiner().getClassName();
            Class<?> known = classifies ? MeanProbabilities.class : AveragingCombiner.class;
            if (!combiner.equals(known.getName())) {
                throw unfit(combiner);
            }
            return forest(forest.getModels(), forest, Util.toPrimitiveFloat(saved.getWeightsList()), classifies);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalArgumentException("model: cannot be read: " + impossible.getMessage(), impossible);
        }
    }

    private static Evaluator forest(List<? extends Model<?>> trees, Model<?> whole, float[] weights, boolean classes) {
        int width = whole.getOutputIDInfo().size();
        var flat = new FlatTrees(whole.getFeatureIDMap().size(), width);
        var shares = new double[weights.length];
        double total = 0;
        for (int tree = 0; tree < weights.length; tree++) {
            total += weights[tree];
            shares[tree] = weights[tree] / total;
            var leaves = classes
                    ? new Leaves(whole.getOutputIDInfo(), weights[tree])
                    : new Leaves(whole.getOutputIDInfo(), 1);
            flat.tree(add(root(trees.get(tree)), trees.get(tree), whole.getFeatureIDMap(), flat, leaves, 1));
        }
        return new TreeEvaluator(flat, classes ? new Combination.Mean(total) : new Combination.RunningMean(shares));
    }

    private static Node<?> root(Model<?> model) {
        if (model instanceof IndependentRegressionTreeModel independent
                && independent.getRoots().size() == 1) {
            return independent.getRoots().values().iterator().next();
        }
        if (model instanceof TreeModel<?> tree && tree.getRoot() != null) {
            return tree.getRoot();
        }
        throw unfit(model.getClass().getSimpleName());
    }

    private static int add(
            Node<?> node, Model<?> tree, ImmutableFeatureMap columns, FlatTrees flat, Leaves leaves, double cover) {
        if (node instanceof SplitNode<?> split) {
            int left = add(split.getLessThanOrEqual(), tree, columns, flat, leaves, cover / 2);
            int right = add(split.getGreaterThan(), tree, columns, flat, leaves, cover / 2);
            String feature = tree.getFeatureIDMap().get(split.getFeatureID()).getName();
            // Not above the split's value is below the next double. An absent feature is a zero to Tribuo's trees.
            return flat.split(columns.getID(feature), Math.nextUp(split.splitValue()), true, left, right, cover);
        }
        return flat.leaf(leaves.numbers((LeafNode<?>) node), cover);
    }

    /** @param weight that a leaf's probabilities are multiplied by, as the combiner does for each row */
    private record Leaves(ImmutableOutputInfo<?> outputs, float weight) {

        double[] numbers(LeafNode<?> leaf) {
            return leaf.getOutput() instanceof Regressor regressor
                    ? new double[] {regressor.getValues()[0]}
                    : probabilities(leaf);
        }

        @SuppressWarnings("unchecked") // A leaf that is no regressor's is a label's.
        private double[] probabilities(LeafNode<?> leaf) {
            var numbers = new double[outputs.size()];
            for (Label score : ((LeafNode<Label>) leaf).getDistribution().values()) {
                numbers[((ImmutableOutputInfo<Label>) outputs).getID(score)] = weight * score.getScore();
            }
            return numbers;
        }
    }

    private static Evaluator linear(AbstractLinearSGDModel<?> model, boolean classifies) {
        DenseMatrix matrix = model.getWeightsCopy();
        var weights = new double[matrix.getDimension1Size()][matrix.getDimension2Size()];
        for (int output = 0; output < weights.length; output++) {
            for (int column = 0; column < weights[output].length; column++) {
                weights[output][column] = matrix.get(output, column);
                if (!Double.isFinite(weights[output][column])) {
                    throw new IllegalArgumentException("weight: " + weights[output][column] + " (expected: finite)");
                }
            }
        }
        return new LinearEvaluator(weights, classifies);
    }

    private static IllegalArgumentException unfit(String kind) {
        return new IllegalArgumentException(kind + " (expected: XGBoost, trees, a forest of them, or a linear model)");
    }
}

package dev.triptych.runtime.tribuo;

import org.tribuo.ImmutableFeatureMap;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.math.LinearParameters;
import org.tribuo.math.StochasticGradientOptimiser;
import org.tribuo.math.la.DenseMatrix;
import org.tribuo.provenance.ModelProvenance;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;
import org.tribuo.regression.sgd.linear.LinearSGDTrainer;
import org.tribuo.regression.sgd.objectives.SquaredLoss;

/**
 * A linear regression by stochastic gradient descent on scaled labels, whose weights are scaled back into the label's
 * own unit. Without it, steps of a fixed size would take for ever to reach a price and never settle on a fraction.
 */
final class ScaledLinearTrainer extends LinearSGDTrainer {

    private final LabelScale labels;

    /** @param labels how the labels of the dataset to come were scaled */
    ScaledLinearTrainer(LabelScale labels, StochasticGradientOptimiser optimiser, int epochs, int batch, long seed) {
        super(new SquaredLoss(), optimiser, epochs, Integer.MAX_VALUE, batch, seed);
        this.labels = labels;
    }

    @Override
    protected LinearSGDModel createModel(
            String name,
            ModelProvenance provenance,
            ImmutableFeatureMap features,
            ImmutableOutputInfo<Regressor> outputs,
            LinearParameters parameters) {
        // One row of weights a label, the bias in the last column.
        DenseMatrix weights = parameters.getWeightMatrix();
        int bias = weights.getDimension2Size() - 1;
        for (int column = 0; column <= bias; column++) {
            weights.set(0, column, weights.get(0, column) * labels.deviation());
        }
        weights.set(0, bias, weights.get(0, bias) + labels.mean());
        return super.createModel(name, provenance, features, outputs, parameters);
    }
}

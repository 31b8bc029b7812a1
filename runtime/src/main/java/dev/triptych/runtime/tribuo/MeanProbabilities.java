package dev.triptych.runtime.tribuo;

import com.google.protobuf.Any;
import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import org.tribuo.Example;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Prediction;
import org.tribuo.classification.Label;
import org.tribuo.ensemble.EnsembleCombiner;
import org.tribuo.protos.core.EnsembleCombinerProto;

/**
 * Averages the probabilities of a forest's trees. Tribuo's own combiner counts each tree's first choice instead, and
 * throws away how sure a leaf was, which costs log-loss and area under the curve.
 *
 * <p>The class name is written into artifacts: it cannot be renamed.
 */
public final class MeanProbabilities implements EnsembleCombiner<Label> {

    private static final long serialVersionUID = 1L;
    private static final int VERSION = 0;

    @Override
    public Prediction<Label> combine(ImmutableOutputInfo<Label> outcomes, List<Prediction<Label>> predictions) {
        var equal = new float[predictions.size()];
        java.util.Arrays.fill(equal, 1.0f / predictions.size());
        return combine(outcomes, predictions, equal);
    }

    @Override
    public Prediction<Label> combine(
            ImmutableOutputInfo<Label> outcomes, List<Prediction<Label>> predictions, float[] weights) {
        var sums = new double[outcomes.size()];
        double total = 0;
        int featuresUsed = 0;
        for (int tree = 0; tree < weights.length; tree++) {
            Prediction<Label> prediction = predictions.get(tree);
            for (Label score : prediction.getOutputScores().values()) {
                sums[outcomes.getID(score)] += weights[tree] * score.getScore();
            }
            total += weights[tree];
            featuresUsed = Math.max(featuresUsed, prediction.getNumActiveFeatures());
        }
        return prediction(
                outcomes, sums, total, featuresUsed, predictions.getFirst().getExample());
    }

    @Override
    public Class<Label> getTypeWitness() {
        return Label.class;
    }

    @Override
    public EnsembleCombinerProto serialize() {
        return EnsembleCombinerProto.newBuilder()
                .setVersion(VERSION)
                .setClassName(MeanProbabilities.class.getName())
                .build();
    }

    /** Called by Tribuo, by reflection. */
    public static MeanProbabilities deserializeFromProto(int version, String className, Any message) {
        if (version != VERSION) {
            throw new IllegalArgumentException(className + " version: " + version + " (expected: " + VERSION + ")");
        }
        return new MeanProbabilities();
    }

    @Override
    public ConfiguredObjectProvenance getProvenance() {
        return new ConfiguredObjectProvenanceImpl(this, "EnsembleCombiner");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MeanProbabilities;
    }

    @Override
    public int hashCode() {
        return MeanProbabilities.class.hashCode();
    }

    private static Prediction<Label> prediction(
            ImmutableOutputInfo<Label> outcomes,
            double[] sums,
            double total,
            int featuresUsed,
            Example<Label> example) {
        var scores = new LinkedHashMap<String, Label>();
        for (int id = 0; id < sums.length; id++) {
            String name = outcomes.getOutput(id).getLabel();
            scores.put(name, new Label(name, sums[id] / total));
        }
        Label best =
                Collections.max(scores.values(), (left, right) -> Double.compare(left.getScore(), right.getScore()));
        return new Prediction<>(best, scores, featuresUsed, example, true);
    }
}

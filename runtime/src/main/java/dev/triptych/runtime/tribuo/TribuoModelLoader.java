package dev.triptych.runtime.tribuo;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.ModelLoader;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tribuo.ImmutableOutputInfo;
import org.tribuo.Model;
import org.tribuo.Prediction;
import org.tribuo.VariableInfo;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.transform.TransformedModel;
import org.tribuo.transform.Transformer;

/**
 * Loads Tribuo's protobuf models. A missing numeric input is answered as the model was trained to: imputed where it
 * imputes, which linear models and forests always do, and missing to XGBoost.
 */
public final class TribuoModelLoader implements ModelLoader {

    private static final Logger LOG = LoggerFactory.getLogger(TribuoModelLoader.class);

    @Override
    public Predictor load(byte[] artifact, Signature signature) {
        Model<?> model = read(artifact, signature);
        return flattened(tribuo(model, signature), model, signature);
    }

    /** The flat form alone, whose columns are the model's features by their ids; empty if there is none. */
    public Optional<Evaluator> evaluator(byte[] artifact, Signature signature) {
        try {
            Model<?> model = innermost(read(artifact, signature));
            return Optional.of(Flattening.of(model, signature.task() == Task.CLASSIFICATION));
        } catch (IllegalArgumentException unfit) {
            return Optional.empty();
        }
    }

    /** As the library itself predicts, whatever flat forms there are. */
    public Predictor unflattened(byte[] artifact, Signature signature) {
        return tribuo(read(artifact, signature), signature);
    }

    /** Rows of the kind a flat form is checked with at load. */
    static List<List<Value>> adversarialRows(byte[] artifact, Signature signature, int count) {
        Model<?> innermost = innermost(read(artifact, signature));
        var check = EvaluatorCheck.of(
                signature, innermost, Flattening.of(innermost, signature.task() == Task.CLASSIFICATION));
        return Stream.generate(check::row).limit(count).toList();
    }

    private static Model<?> read(byte[] artifact, Signature signature) {
        Model<?> model = deserialized(artifact);
        requireFeaturesOf(signature, model);
        if (innermost(model) instanceof XGBoostModel<?> boosted) {
            // One row at a time leaves nothing to share among threads.
            boosted.setNumThreads(1);
        }
        return model;
    }

    private static TribuoPredictor<?> tribuo(Model<?> model, Signature signature) {
        var encoding = new InputEncoding(signature, imputed(model));
        return switch (signature.task()) {
            case CLASSIFICATION -> classifier(cast(model, Label.class, signature), encoding, signature);
            case REGRESSION -> regressor(cast(model, Regressor.class, signature), encoding, signature);
        };
    }

    /** In its flat form; as it is where there is none, or where a single bit of a prediction would differ. */
    private static Predictor flattened(TribuoPredictor<?> tribuo, Model<?> model, Signature signature) {
        try {
            Model<?> innermost = innermost(model);
            double absent = innermost instanceof XGBoostModel<?> ? Double.NaN : 0;
            var encoding = new RowEncoding(signature, model, imputed(model), absent);
            Evaluator evaluator = Flattening.of(innermost, signature.task() == Task.CLASSIFICATION);
            var flattened = new FlattenedPredictor(tribuo, encoding, evaluator, outputs(model, signature));
            Optional<String> difference =
                    EvaluatorCheck.of(signature, innermost, evaluator).difference(flattened, tribuo);
            difference.ifPresent(told -> LOG.warn("flat form refused, served through Tribuo: {}", told));
            return difference.isEmpty() ? flattened : tribuo.because("flat form refused: " + difference.get());
        } catch (IllegalArgumentException unfit) {
            LOG.info("no flat form, served through Tribuo: {}", unfit.getMessage());
            return tribuo.because("no flat form: " + unfit.getMessage());
        }
    }

    /** By output of the signature: its id in the model, or −1. */
    private static int[] outputs(Model<?> model, Signature signature) {
        if (signature.task() == Task.REGRESSION) {
            return new int[] {0};
        }
        ImmutableOutputInfo<Label> outcomes = model.castModel(Label.class).getOutputIDInfo();
        return signature.outputs().stream()
                .mapToInt(outcome -> outcomes.getID(new Label(outcome)))
                .toArray();
    }

    private static TribuoPredictor<?> classifier(Model<Label> model, InputEncoding encoding, Signature signature) {
        for (Label outcome : model.getOutputIDInfo().getDomain()) {
            if (!signature.outputs().contains(outcome.getLabel())) {
                throw new IllegalArgumentException("model outcome: " + outcome.getLabel() + " (expected: one of "
                        + String.join(", ", signature.outputs()) + ")");
            }
        }
        return new TribuoPredictor<>(
                model,
                encoding,
                LabelFactory.UNKNOWN_LABEL,
                prediction -> probabilities(prediction, signature.outputs()));
    }

    private static TribuoPredictor<?> regressor(Model<Regressor> model, InputEncoding encoding, Signature signature) {
        if (signature.outputs().size() != 1 || model.getOutputIDInfo().size() != 1) {
            throw new IllegalArgumentException(
                    "model outputs: " + model.getOutputIDInfo().size() + " (expected: 1, a regression's one number)");
        }
        return new TribuoPredictor<>(model, encoding, new RegressionFactory().getUnknownOutput(), prediction ->
                new double[] {prediction.getOutput().getValues()[0]});
    }

    /** An outcome that the model never saw in training has no score: its probability is 0. */
    private static double[] probabilities(Prediction<Label> prediction, List<String> outcomes) {
        Map<String, Label> scores = prediction.getOutputScores();
        return outcomes.stream()
                .mapToDouble(outcome -> {
                    Label score = scores.get(outcome);
                    return score == null ? 0 : score.getScore();
                })
                .toArray();
    }

    private static Model<?> deserialized(byte[] artifact) {
        try {
            ModelProto model = ModelProto.parseFrom(artifact);
            ArtifactClasses.requireKnown(model);
            return Model.deserialize(model);
        } catch (InvalidProtocolBufferException | IllegalStateException corrupt) {
            throw new IllegalArgumentException(
                    "artifact: " + artifact.length + " bytes (expected: a Tribuo model in protobuf form): "
                            + corrupt.getMessage(),
                    corrupt);
        }
    }

    private static <T extends org.tribuo.Output<T>> Model<T> cast(Model<?> model, Class<T> type, Signature signature) {
        try {
            return model.castModel(type);
        } catch (ClassCastException other) {
            throw new IllegalArgumentException(
                    "model outputs: " + model.getOutputIDInfo().getClass().getSimpleName() + " (expected: those of a "
                            + (signature.task() == Task.CLASSIFICATION ? "classification" : "regression") + ")",
                    other);
        }
    }

    private static void requireFeaturesOf(Signature signature, Model<?> model) {
        for (VariableInfo feature : model.getFeatureIDMap()) {
            if (signature.inputs().stream().noneMatch(input -> InputEncoding.mayHave(input, feature.getName()))
                    && !feature.getName().equals(InputEncoding.ALWAYS)) {
                throw new IllegalArgumentException("model feature: " + feature.getName()
                        + " (expected: one that comes from the inputs "
                        + String.join(
                                ", ",
                                signature.inputs().stream()
                                        .map(FeatureRead::name)
                                        .toList())
                        + ")");
            }
        }
    }

    private static Model<?> innermost(Model<?> model) {
        return model instanceof TransformedModel<?> transformed ? innermost(transformed.getInnerModel()) : model;
    }

    private static Set<String> imputed(Model<?> model) {
        var imputed = new HashSet<String>();
        if (model instanceof TransformedModel<?> transformed) {
            for (Map.Entry<String, List<Transformer>> entry :
                    transformed.getTransformerMap().entrySet()) {
                if (entry.getValue().getFirst() instanceof ImputeMean.Mean) {
                    imputed.add(entry.getKey());
                }
            }
        }
        return imputed;
    }
}

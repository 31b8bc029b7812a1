package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainerKind;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.training.ModelTrainer;
import dev.triptych.training.domain.Labels;
import dev.triptych.training.domain.UnusableDatasetException;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import ml.dmlc.xgboost4j.java.XGBoost;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Output;
import org.tribuo.OutputFactory;
import org.tribuo.Trainer;
import org.tribuo.Tribuo;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.protos.core.ModelProto;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;
import org.tribuo.transform.TransformTrainer;
import org.tribuo.transform.TransformationMap;

/**
 * Fits Tribuo's models. The artifact is Tribuo's own protobuf form of the model, transformations included. Equal
 * arguments give models of one content hash that predict the same bits, as every trainer starts afresh from the seed
 * and the number of threads is a parameter; the artifacts' bytes differ, as they tell when they were made.
 */
public final class TribuoModelTrainer implements ModelTrainer {

    /** A text input with more different values is an identifier; each would be a feature of its own. */
    private static final int TEXT_VALUES_MAX = 1_000;

    /** Tribuo tells of every tree at info. Held, as loggers that nobody holds forget their level. */
    private static final Logger CHATTER = Logger.getLogger("org.tribuo");

    static {
        CHATTER.setLevel(Level.WARNING);
    }

    private final TribuoModelLoader loader = new TribuoModelLoader();

    @Override
    public Fitted fit(
            TrainerDefinition trainer,
            List<TransformationDefinition> transformations,
            Signature signature,
            List<List<Value>> rows,
            List<Value> labels,
            long seed) {
        if (rows.isEmpty()) {
            throw new UntrainableException("rows: 0 (expected: at least 1 row to train on)");
        }
        TrainerKind kind = Trainers.kind(trainer, signature.task());
        var parameters = new TrainerParameters(kind, trainer);
        try {
            Model<?> model = fitted(kind, parameters, transformations, signature, rows, labels, seed);
            ModelProto proto = model.serialize();
            byte[] artifact = proto.toByteArray();
            return new Fitted(
                    artifact,
                    ContentHash.of(proto),
                    // What was saved is what predicts, from the first prediction on.
                    loader.load(artifact, signature),
                    parameters.used(),
                    libraries(kind));
        } catch (IllegalArgumentException | UnusableDatasetException unfit) {
            throw new UntrainableException(String.valueOf(unfit.getMessage()));
        }
    }

    private static Model<?> fitted(
            TrainerKind kind,
            TrainerParameters parameters,
            List<TransformationDefinition> declared,
            Signature signature,
            List<List<Value>> rows,
            List<Value> labels,
            long seed) {
        return switch (signature.task()) {
            case CLASSIFICATION -> {
                Trainer<Label> inner = Trainers.classification(kind, parameters, seed);
                List<Label> outputs = labels.stream()
                        .map(label -> new Label(Labels.outcome(label)))
                        .toList();
                yield fitted(inner, new LabelFactory(), kind, declared, signature, rows, outputs);
            }
            case REGRESSION -> {
                double[] numbers = labels.stream().mapToDouble(Labels::number).toArray();
                LabelScale scale = LabelScale.of(numbers);
                Trainer<Regressor> inner = Trainers.regression(kind, parameters, scale, seed);
                String name = signature.outputs().getFirst();
                List<Regressor> outputs = java.util.Arrays.stream(numbers)
                        .map(number -> inner instanceof ScaledLinearTrainer ? scale.scaled(number) : number)
                        .mapToObj(number -> new Regressor(name, number))
                        .toList();
                yield fitted(inner, new RegressionFactory(), kind, declared, signature, rows, outputs);
            }
        };
    }

    private static <T extends Output<T>> Model<T> fitted(
            Trainer<T> inner,
            OutputFactory<T> factory,
            TrainerKind kind,
            List<TransformationDefinition> declared,
            Signature signature,
            List<List<Value>> rows,
            List<T> outputs) {
        requireFewTextValues(signature, rows);
        var transformations = new Transformations(declared, signature, rows, Trainers.takesMissing(kind));
        var encoding = new InputEncoding(signature, transformations.imputed());
        var dataset = new MutableDataset<>(new SimpleDataSourceProvenance("training dataset", factory), factory);
        for (int row = 0; row < rows.size(); row++) {
            dataset.add(encoding.example(rows.get(row), outputs.get(row)));
        }
        return transformations.byPattern().isEmpty()
                ? inner.train(dataset)
                : new TransformTrainer<>(inner, new TransformationMap(transformations.byPattern())).train(dataset);
    }

    private static void requireFewTextValues(Signature signature, List<List<Value>> rows) {
        for (int index = 0; index < signature.inputs().size(); index++) {
            FeatureRead input = signature.inputs().get(index);
            int column = index;
            if (InputEncoding.isText(input)
                    && rows.stream()
                                    .map(row -> row.get(column))
                                    .distinct()
                                    .limit(TEXT_VALUES_MAX + 1L)
                                    .count()
                            > TEXT_VALUES_MAX) {
                throw new UntrainableException(input.name() + ": more than " + TEXT_VALUES_MAX
                        + " different texts (expected: a category; leave it out, or group it in the view's SQL)");
            }
        }
    }

    private static Map<String, String> libraries(TrainerKind kind) {
        return Trainers.takesMissing(kind)
                ? Map.of("java", Runtime.version().toString(), "tribuo", Tribuo.VERSION, "xgboost4j", xgboostVersion())
                : Map.of("java", Runtime.version().toString(), "tribuo", Tribuo.VERSION);
    }

    /** As its build wrote it beside its classes. */
    private static String xgboostVersion() {
        try (var stream = XGBoost.class.getResourceAsStream("/xgboost4j-version.properties")) {
            var properties = new java.util.Properties();
            if (stream != null) {
                properties.load(stream);
            }
            return properties.getProperty("version", "unknown");
        } catch (java.io.IOException unreadable) {
            return "unknown";
        }
    }
}

package dev.triptych.runtime.openinference;

import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.runtime.openinference.OutputTensor.Elements;
import dev.triptych.runtime.openinference.OutputTensor.Reals;
import dev.triptych.runtime.openinference.OutputTensor.Texts;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A deployment's answers as output tensors.
 *
 * <ul>
 *   <li>{@code prediction}, {@code [rows]}: the number of a regression in FP64, the most probable outcome of a
 *       classification in BYTES
 *   <li>{@code scores}, {@code [rows, outcomes]} in FP64, of a classification: one probability an outcome, in the order
 *       that the model's metadata gives
 *   <li>{@code prediction_id}, {@code [rows]} in BYTES: under which it is recorded, for audit and replay
 *   <li>{@code contributions}, {@code [rows, outputs, inputs + 1]} in FP64, where an explanation is asked for: what each
 *       input added, in the order of the metadata, and last what the model gives before anything is known of the row;
 *       together the output before the link function. The layout of XGBoost's own {@code pred_contribs}
 * </ul>
 */
record OutputTensors(Signature signature) {

    static final String CONTRIBUTIONS = "contributions";

    /** What is answered unless a request names its outputs. */
    List<TensorDescription> described() {
        long any = TensorDescription.ANY;
        var prediction = new TensorDescription(
                "prediction",
                signature.task() == Task.CLASSIFICATION ? TensorType.BYTES : TensorType.FP64,
                List.of(any));
        var id = new TensorDescription("prediction_id", TensorType.BYTES, List.of(any));
        return signature.task() == Task.CLASSIFICATION
                ? List.of(
                        prediction,
                        new TensorDescription("scores", TensorType.FP64, List.of(any, (long)
                                signature.outputs().size())),
                        id)
                : List.of(prediction, id);
    }

    private TensorDescription contributions() {
        return new TensorDescription(
                CONTRIBUTIONS,
                TensorType.FP64,
                List.of(
                        TensorDescription.ANY,
                        (long) signature.outputs().size(),
                        signature.inputs().size() + 1L));
    }

    /**
     * The tensors of an answer: those named, or all.
     *
     * @param explain whether contributions are among them, named or not
     * @throws RefusedException if there is no output of a name
     */
    List<OutputTensor> of(List<Prediction> predictions, List<String> names, boolean explain) {
        var tensors = new ArrayList<OutputTensor>();
        for (TensorDescription each : named(names)) {
            tensors.add(tensor(each, predictions));
        }
        if (explain && !names.contains(CONTRIBUTIONS)) {
            tensors.add(tensor(contributions(), predictions));
        }
        return tensors;
    }

    private List<TensorDescription> named(List<String> names) {
        if (names.isEmpty()) {
            return described();
        }
        List<TensorDescription> known =
                Stream.concat(described().stream(), Stream.of(contributions())).toList();
        var wanted = new ArrayList<TensorDescription>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String field = "outputs[" + i + "].name";
            wanted.add(known.stream()
                    .filter(tensor -> tensor.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> RefusedException.invalid(
                            field,
                            name,
                            "one of "
                                    + known.stream()
                                            .map(TensorDescription::name)
                                            .toList())));
        }
        return wanted;
    }

    private OutputTensor tensor(TensorDescription described, List<Prediction> predictions) {
        var shape = new ArrayList<>(described.shape());
        shape.set(0, (long) predictions.size());
        return new OutputTensor(described.name(), described.type(), shape, elements(described.name(), predictions));
    }

    private Elements elements(String name, List<Prediction> predictions) {
        return switch (name) {
            case "prediction_id" ->
                new Texts(predictions.stream().map(each -> each.record().id()).toList());
            case "scores" ->
                new Reals(predictions.stream()
                        .flatMap(each -> each.record().outputs().stream())
                        .toList());
            case CONTRIBUTIONS ->
                new Reals(predictions.stream()
                        .flatMap(OutputTensors::contributions)
                        .toList());
            default ->
                signature.task() == Task.CLASSIFICATION
                        ? new Texts(predictions.stream()
                                .map(each -> signature.output(each.record().outputs()))
                                .toList())
                        : new Reals(predictions.stream()
                                .map(each -> each.record().outputs().getFirst())
                                .toList());
        };
    }

    private static Stream<Double> contributions(Prediction prediction) {
        Explanation explanation = prediction
                .explanation()
                .orElseThrow(() -> RefusedException.invalid(
                        "parameters." + OpenInference.EXPLAIN_PARAMETER,
                        "true",
                        "no explanation of version " + prediction.record().version()
                                + ", whose contributions cannot be told"));
        return explanation.outputs().stream()
                .flatMap(output -> Stream.concat(output.contributions().stream(), Stream.of(output.base())));
    }
}

package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferResponse.InferOutputTensor;
import dev.triptych.oip.ModelMetadataResponse.TensorMetadata;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment's answers as output tensors.
 *
 * <ul>
 *   <li>{@code prediction}, {@code [rows]}: the number of a regression in FP64, the most probable outcome of a
 *       classification in BYTES
 *   <li>{@code scores}, {@code [rows, outcomes]} in FP64, of a classification: one probability an outcome, in the order
 *       that the model's metadata gives
 *   <li>{@code prediction_id}, {@code [rows]} in BYTES: under which it is recorded, for audit and replay
 * </ul>
 */
record OutputTensors(Signature signature) {

    private static final long ANY = -1;

    List<TensorMetadata> metadata() {
        var tensors = new ArrayList<TensorMetadata>();
        if (signature.task() == Task.CLASSIFICATION) {
            tensors.add(metadata("prediction", TensorType.BYTES, ANY));
            tensors.add(
                    metadata("scores", TensorType.FP64, ANY, signature.outputs().size()));
        } else {
            tensors.add(metadata("prediction", TensorType.FP64, ANY));
        }
        tensors.add(metadata("prediction_id", TensorType.BYTES, ANY));
        return tensors;
    }

    private static TensorMetadata metadata(String name, TensorType type, long... shape) {
        var tensor = TensorMetadata.newBuilder().setName(name).setDatatype(type.name());
        for (long size : shape) {
            tensor.addShape(size);
        }
        return tensor.build();
    }

    /** All that the metadata names, in its order. */
    List<InferOutputTensor> tensors(List<Prediction> predictions) {
        var tensors = new ArrayList<InferOutputTensor>();
        for (TensorMetadata declared : metadata()) {
            tensors.add(tensor(declared, predictions));
        }
        return tensors;
    }

    /** @throws io.grpc.StatusRuntimeException if there is no output of this name */
    InferOutputTensor tensor(String name, List<Prediction> predictions, String field) {
        TensorMetadata declared = metadata().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> Statuses.invalid(
                        field,
                        name,
                        "one of "
                                + metadata().stream()
                                        .map(TensorMetadata::getName)
                                        .toList()));
        return tensor(declared, predictions);
    }

    private InferOutputTensor tensor(TensorMetadata declared, List<Prediction> predictions) {
        var tensor = InferOutputTensor.newBuilder()
                .setName(declared.getName())
                .setDatatype(declared.getDatatype())
                .addShape(predictions.size());
        for (int i = 1; i < declared.getShapeCount(); i++) {
            tensor.addShape(declared.getShape(i));
        }
        return tensor.setContents(contents(declared.getName(), predictions)).build();
    }

    private InferTensorContents contents(String name, List<Prediction> predictions) {
        var contents = InferTensorContents.newBuilder();
        for (Prediction prediction : predictions) {
            List<Double> outputs = prediction.record().outputs();
            switch (name) {
                case "prediction_id" ->
                    contents.addBytesContents(
                            ByteString.copyFromUtf8(prediction.record().id()));
                case "scores" -> contents.addAllFp64Contents(outputs);
                default -> {
                    if (signature.task() == Task.CLASSIFICATION) {
                        contents.addBytesContents(ByteString.copyFromUtf8(signature.output(outputs)));
                    } else {
                        contents.addFp64Contents(outputs.getFirst());
                    }
                }
            }
        }
        return contents.build();
    }

    /** The same elements as raw contents. */
    static ByteString raw(InferOutputTensor tensor) {
        InferTensorContents contents = tensor.getContents();
        if (contents.getFp64ContentsCount() > 0) {
            ByteBuffer buffer = ByteBuffer.allocate(contents.getFp64ContentsCount() * Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            contents.getFp64ContentsList().forEach(buffer::putDouble);
            return ByteString.copyFrom(buffer.flip());
        }
        var raw = new ArrayList<ByteString>();
        for (ByteString element : contents.getBytesContentsList()) {
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(element.size());
            raw.add(ByteString.copyFrom(length.flip()));
            raw.add(element);
        }
        return ByteString.copyFrom(raw);
    }
}

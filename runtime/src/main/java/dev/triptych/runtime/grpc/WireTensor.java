package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest.InferInputTensor;
import dev.triptych.runtime.openinference.InputTensor;
import dev.triptych.runtime.openinference.InputTensors;
import dev.triptych.runtime.openinference.RawContents;
import dev.triptych.runtime.openinference.RefusedException;
import dev.triptych.runtime.openinference.TensorType;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An input tensor of gRPC's form.
 *
 * @param raw its elements as bytes; empty where they are in its contents
 */
record WireTensor(InferInputTensor tensor, Optional<ByteString> raw) implements InputTensor {

    @Override
    public String name() {
        return tensor.getName();
    }

    @Override
    public String datatype() {
        return tensor.getDatatype();
    }

    @Override
    public List<Long> shape() {
        return tensor.getShapeList();
    }

    @Override
    public List<Value> values(TensorType type, int elements, String field) {
        if (raw.isEmpty()) {
            return contents(type, elements, field);
        }
        if (tensor.hasContents()) {
            throw RefusedException.invalid(field + ".contents", "given", "nothing beside raw_input_contents");
        }
        return RawContents.values(raw.get().asReadOnlyByteBuffer(), type, elements, field, ".raw_input_contents");
    }

    private List<Value> contents(TensorType type, int elements, String field) {
        InferTensorContents contents = tensor.getContents();
        int given = count(type, contents);
        if (given != elements) {
            throw RefusedException.invalid(
                    field + ".contents", given + " elements of " + type, elements + ", as its shape says");
        }
        var values = new ArrayList<Value>(elements);
        for (int i = 0; i < elements; i++) {
            try {
                values.add(element(type, contents, i));
            } catch (IllegalArgumentException e) {
                throw InputTensors.unfit(field, i, e, type);
            }
        }
        return values;
    }

    private static int count(TensorType type, InferTensorContents contents) {
        return switch (type) {
            case BOOL -> contents.getBoolContentsCount();
            case INT8, INT16, INT32 -> contents.getIntContentsCount();
            case INT64 -> contents.getInt64ContentsCount();
            case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
            case UINT64 -> contents.getUint64ContentsCount();
            // The protocol's contents hold none.
            case FP16 -> 0;
            case FP32 -> contents.getFp32ContentsCount();
            case FP64 -> contents.getFp64ContentsCount();
            case BYTES -> contents.getBytesContentsCount();
        };
    }

    private static Value element(TensorType type, InferTensorContents contents, int index) {
        return switch (type) {
            case BOOL -> new Value.Bool(contents.getBoolContents(index));
            case INT8, INT16, INT32 -> type.whole(contents.getIntContents(index));
            case INT64 -> type.whole(contents.getInt64Contents(index));
            case UINT8, UINT16, UINT32 -> type.whole(Integer.toUnsignedLong(contents.getUintContents(index)));
            case UINT64 -> TensorType.unsigned(contents.getUint64Contents(index));
            case FP16 -> throw new IllegalArgumentException("FP16 outside raw contents");
            case FP32 -> TensorType.real(contents.getFp32Contents(index));
            case FP64 -> TensorType.real(contents.getFp64Contents(index));
            case BYTES -> TensorType.text(contents.getBytesContents(index).asReadOnlyByteBuffer());
        };
    }
}

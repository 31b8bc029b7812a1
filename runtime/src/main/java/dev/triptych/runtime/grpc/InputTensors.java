package dev.triptych.runtime.grpc;

import com.google.protobuf.ByteString;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.oip.InferParameter;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferRequest.InferInputTensor;
import dev.triptych.store.features.domain.Value;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The input tensors of a request as instances: one tensor an input of the model, one element a row. */
final class InputTensors {

    /** Request parameter: names the BYTES tensor that holds entity keys, whose features the node looks up. */
    static final String KEY_PARAMETER = "entity_key";

    private InputTensors() {}

    /** Refuses with the tensor's place and name where anything does not fit. */
    static List<Instance> instances(ModelInferRequest request) {
        Map<String, List<Value>> columns = columns(request);
        int rows = columns.values().iterator().next().size();
        Optional<String> keys = keyTensor(request);
        return keys.isPresent() ? byKey(columns, keys.get()) : byFeatures(columns, rows);
    }

    private static Map<String, List<Value>> columns(ModelInferRequest request) {
        boolean raw = request.getRawInputContentsCount() > 0;
        if (raw && request.getRawInputContentsCount() != request.getInputsCount()) {
            throw Statuses.invalid(
                    "raw_input_contents",
                    request.getRawInputContentsCount() + " buffers",
                    request.getInputsCount() + ", one for each input");
        }
        if (request.getInputsCount() == 0) {
            throw Statuses.invalid("inputs", "none", "a tensor for each input of the model, or one of entity keys");
        }
        var columns = new LinkedHashMap<String, List<Value>>();
        long rows = -1;
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor tensor = request.getInputs(i);
            String field = "inputs[" + i + "] " + tensor.getName();
            long elements = rows(tensor, field);
            if (rows >= 0 && elements != rows) {
                throw Statuses.invalid(field + ".shape", tensor.getShapeList().toString(), "[" + rows + "], as before");
            }
            rows = elements;
            List<Value> column = raw
                    ? raw(tensor, request.getRawInputContents(i), (int) elements, field)
                    : contents(tensor, (int) elements, field);
            if (columns.put(tensor.getName(), column) != null) {
                throw Statuses.invalid(field, "given twice", "each tensor once");
            }
        }
        return columns;
    }

    /** Shapes are {@code [rows]} or {@code [rows, 1]}. */
    private static long rows(InferInputTensor tensor, String field) {
        int dimensions = tensor.getShapeCount();
        boolean column = dimensions == 1 || (dimensions == 2 && tensor.getShape(1) == 1);
        if (!column || tensor.getShape(0) < 1 || tensor.getShape(0) > InferenceActor.INSTANCES_MAX) {
            throw Statuses.invalid(
                    field + ".shape",
                    tensor.getShapeList().toString(),
                    "[rows] or [rows, 1], with 1 to " + InferenceActor.INSTANCES_MAX + " rows");
        }
        return tensor.getShape(0);
    }

    private static TensorType type(InferInputTensor tensor, String field) {
        return TensorType.named(tensor.getDatatype())
                .orElseThrow(() -> Statuses.invalid(
                        field + ".datatype", tensor.getDatatype(), "one of " + List.of(TensorType.values())));
    }

    private static List<Value> raw(InferInputTensor tensor, ByteString bytes, int elements, String field) {
        if (tensor.hasContents()) {
            throw Statuses.invalid(field + ".contents", "given", "nothing beside raw_input_contents");
        }
        TensorType type = type(tensor, field);
        if (type.bytes() > 0 && bytes.size() != (long) elements * type.bytes()) {
            throw wrongLength(field, bytes, elements * type.bytes() + ", " + elements + " of " + type);
        }
        ByteBuffer buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        var values = new ArrayList<Value>(elements);
        for (int i = 0; i < elements; i++) {
            try {
                values.add(type.raw(buffer));
            } catch (BufferUnderflowException e) {
                throw wrongLength(field, bytes, elements + " elements, each after its length");
            } catch (IllegalArgumentException e) {
                throw unfit(field, i, e, type);
            }
        }
        if (buffer.hasRemaining()) {
            throw wrongLength(field, bytes, "no byte after " + elements + " elements");
        }
        return values;
    }

    private static List<Value> contents(InferInputTensor tensor, int elements, String field) {
        TensorType type = type(tensor, field);
        InferTensorContents contents = tensor.getContents();
        if (type.count(contents) != elements) {
            throw Statuses.invalid(
                    field + ".contents",
                    type.count(contents) + " elements of " + type,
                    elements + ", as its shape says");
        }
        var values = new ArrayList<Value>(elements);
        for (int i = 0; i < elements; i++) {
            try {
                values.add(type.element(contents, i));
            } catch (IllegalArgumentException e) {
                throw unfit(field, i, e, type);
            }
        }
        return values;
    }

    private static RuntimeException wrongLength(String field, ByteString bytes, String expected) {
        return Statuses.invalid(field + ".raw_input_contents", bytes.size() + " bytes", expected);
    }

    private static RuntimeException unfit(String field, int row, IllegalArgumentException unfit, TensorType type) {
        return Statuses.invalid(
                field + "[" + row + "]",
                String.valueOf(unfit.getMessage()),
                "a value of " + type + " that a feature holds");
    }

    private static Optional<String> keyTensor(ModelInferRequest request) {
        if (!request.containsParameters(KEY_PARAMETER)) {
            return Optional.empty();
        }
        InferParameter parameter = request.getParametersOrThrow(KEY_PARAMETER);
        if (parameter.getParameterChoiceCase() != InferParameter.ParameterChoiceCase.STRING_PARAM) {
            throw Statuses.invalid(
                    "parameters." + KEY_PARAMETER,
                    parameter.getParameterChoiceCase().name(),
                    "the name of a tensor");
        }
        return Optional.of(parameter.getStringParam());
    }

    private static List<Instance> byKey(Map<String, List<Value>> columns, String name) {
        List<Value> keys = columns.get(name);
        if (keys == null || columns.size() != 1) {
            throw Statuses.invalid(
                    "inputs", columns.keySet().toString(), name + " alone, as parameter " + KEY_PARAMETER + " says");
        }
        var instances = new ArrayList<Instance>(keys.size());
        for (int row = 0; row < keys.size(); row++) {
            if (!(keys.get(row) instanceof Value.Text(String key))) {
                throw Statuses.invalid(
                        name + "[" + row + "]", String.valueOf(keys.get(row).raw()), "a key in BYTES");
            }
            instances.add(new Instance(Optional.of(Definitions.checkedKey(key, name + "[" + row + "]")), Map.of()));
        }
        return instances;
    }

    private static List<Instance> byFeatures(Map<String, List<Value>> columns, int rows) {
        var instances = new ArrayList<Instance>(rows);
        for (int row = 0; row < rows; row++) {
            var given = new HashMap<String, Value>();
            for (Map.Entry<String, List<Value>> column : columns.entrySet()) {
                given.put(column.getKey(), column.getValue().get(row));
            }
            instances.add(new Instance(Optional.empty(), given));
        }
        return instances;
    }
}

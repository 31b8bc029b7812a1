package dev.triptych.runtime.openinference;

import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The input tensors of a request as instances: one tensor an input of the model, one element a row. */
public final class InputTensors {

    private InputTensors() {}

    /**
     * Refuses with the tensor's place and name where anything does not fit.
     *
     * @param keyTensor names the one tensor of entity keys; empty where the tensors are features
     */
    public static List<Instance> instances(List<? extends InputTensor> tensors, Optional<String> keyTensor) {
        Map<String, List<Value>> columns = columns(tensors);
        int rows = columns.values().iterator().next().size();
        return keyTensor.isPresent() ? byKey(columns, keyTensor.get()) : byFeatures(columns, rows);
    }

    private static Map<String, List<Value>> columns(List<? extends InputTensor> tensors) {
        if (tensors.isEmpty()) {
            throw RefusedException.invalid(
                    "inputs", "none", "a tensor for each input of the model, or one of entity keys");
        }
        var columns = new LinkedHashMap<String, List<Value>>();
        long rows = -1;
        for (int i = 0; i < tensors.size(); i++) {
            InputTensor tensor = tensors.get(i);
            String field = "inputs[" + i + "] " + tensor.name();
            long elements = rows(tensor, field);
            if (rows >= 0 && elements != rows) {
                throw RefusedException.invalid(
                        field + ".shape", tensor.shape().toString(), "[" + rows + "], as before");
            }
            rows = elements;
            List<Value> column = tensor.values(type(tensor, field), (int) elements, field);
            if (columns.put(tensor.name(), column) != null) {
                throw RefusedException.invalid(field, "given twice", "each tensor once");
            }
        }
        return columns;
    }

    /** Shapes are {@code [rows]} or {@code [rows, 1]}. */
    private static long rows(InputTensor tensor, String field) {
        List<Long> shape = tensor.shape();
        boolean column = shape.size() == 1 || (shape.size() == 2 && shape.get(1) == 1);
        if (!column || shape.getFirst() < 1 || shape.getFirst() > InferenceActor.INSTANCES_MAX) {
            throw RefusedException.invalid(
                    field + ".shape",
                    shape.toString(),
                    "[rows] or [rows, 1], with 1 to " + InferenceActor.INSTANCES_MAX + " rows");
        }
        return shape.getFirst();
    }

    private static TensorType type(InputTensor tensor, String field) {
        return TensorType.named(tensor.datatype())
                .orElseThrow(() -> RefusedException.invalid(
                        field + ".datatype", tensor.datatype(), "one of " + List.of(TensorType.values())));
    }

    /** For an element that its type, or a feature, does not hold. */
    public static RefusedException unfit(String field, int row, IllegalArgumentException unfit, TensorType type) {
        return RefusedException.invalid(
                field + "[" + row + "]",
                String.valueOf(unfit.getMessage()),
                "a value of " + type + " that a feature holds");
    }

    private static List<Instance> byKey(Map<String, List<Value>> columns, String name) {
        List<Value> keys = columns.get(name);
        if (keys == null || columns.size() != 1) {
            throw RefusedException.invalid(
                    "inputs",
                    columns.keySet().toString(),
                    name + " alone, as parameter " + OpenInference.KEY_PARAMETER + " says");
        }
        var instances = new ArrayList<Instance>(keys.size());
        for (int row = 0; row < keys.size(); row++) {
            String field = name + "[" + row + "]";
            if (!(keys.get(row) instanceof Value.Text(String key))) {
                throw RefusedException.invalid(
                        field, String.valueOf(keys.get(row).raw()), "a key in BYTES");
            }
            EntityId.unfit(key, field).ifPresent(reason -> {
                throw RefusedException.invalid(reason);
            });
            instances.add(new Instance(Optional.of(key), Map.of()));
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

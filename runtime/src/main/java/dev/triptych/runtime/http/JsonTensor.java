package dev.triptych.runtime.http;

import dev.triptych.inference.InferenceActor;
import dev.triptych.runtime.openinference.InputTensor;
import dev.triptych.runtime.openinference.InputTensors;
import dev.triptych.runtime.openinference.RawContents;
import dev.triptych.runtime.openinference.RefusedException;
import dev.triptych.runtime.openinference.TensorType;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An input tensor of REST's form.
 *
 * @param contents its elements, in JSON or as bytes; empty where neither came
 */
record JsonTensor(String name, String datatype, List<Long> shape, Optional<Contents> contents) implements InputTensor {

    private static final int DIMENSIONS_MAX = 8;

    sealed interface Contents {}

    /** @param nested whether each element stood in an array of its own */
    record Data(List<JsonScalar> elements, boolean nested) implements Contents {}

    record Binary(ByteBuffer bytes) implements Contents {}

    /** @param binary where tensors without {@code data} have their elements */
    static JsonTensor read(JsonRequest json, String path, BinaryData binary) throws IOException {
        var tensor = new Object() {
            String name = "";
            String datatype = "";
            List<Long> shape = List.of();
            Optional<Contents> data = Optional.empty();
            Optional<Contents> bytes = Optional.empty();
        };
        json.object(path, member -> {
            switch (member) {
                case "name" -> tensor.name = json.text(path + ".name");
                case "datatype" -> tensor.datatype = json.text(path + ".datatype");
                case "shape" -> tensor.shape = shape(json, path + ".shape");
                case "data" -> tensor.data = Optional.of(data(json, path + ".data"));
                case "parameters" -> tensor.bytes = binary.next(json, path + ".parameters");
                default -> json.skip(path + "." + member);
            }
        });
        if (tensor.data.isPresent() && tensor.bytes.isPresent()) {
            throw RefusedException.invalid(
                    path + ".data", "given", "nothing beside parameter " + BinaryData.SIZE_PARAMETER);
        }
        return new JsonTensor(tensor.name, tensor.datatype, tensor.shape, tensor.data.or(() -> tensor.bytes));
    }

    private static List<Long> shape(JsonRequest json, String path) throws IOException {
        var shape = new ArrayList<Long>();
        json.array(path, index -> {
            if (index == DIMENSIONS_MAX) {
                throw RefusedException.invalid(path, "more than " + DIMENSIONS_MAX + " dimensions", "[rows]");
            }
            shape.add(json.whole(path + "[" + index + "]"));
        });
        return shape;
    }

    private static Data data(JsonRequest json, String path) throws IOException {
        var elements = new ArrayList<JsonScalar>();
        var nested = new int[1];
        json.array(path, index -> {
            String place = path + "[" + index + "]";
            if (index == InferenceActor.INSTANCES_MAX) {
                throw RefusedException.invalid(path, "more than " + index + " elements", "at most " + index);
            }
            if (json.isArray()) {
                nested[0]++;
                json.array(place, inner -> elements.add(element(json, place, inner)));
            } else {
                elements.add(element(json, place, 0));
            }
            if (elements.size() != index + 1 || (nested[0] != 0 && nested[0] != index + 1)) {
                throw RefusedException.invalid(
                        place, "not as the elements before it", "one element, or each in an array of its own");
            }
        });
        return new Data(elements, nested[0] > 0);
    }

    private static JsonScalar element(JsonRequest json, String place, int inner) throws IOException {
        if (inner > 0) {
            throw RefusedException.invalid(place, "more than one element", "one, as shape [rows, 1] says");
        }
        return json.scalar(place)
                .orElseThrow(() ->
                        RefusedException.invalid(place, "an object or array", "a number, string, boolean or null"));
    }

    @Override
    public List<Value> values(TensorType type, int elements, String field) {
        return switch (contents.orElseThrow(
                () -> RefusedException.invalid(field + ".data", "none", elements + " elements, as its shape says"))) {
            case Binary(var bytes) -> RawContents.values(bytes, type, elements, field, " in binary data");
            case Data data -> values(data, type, elements, field);
        };
    }

    private List<Value> values(Data data, TensorType type, int elements, String field) {
        if (data.elements().size() != elements) {
            throw RefusedException.invalid(
                    field + ".data", data.elements().size() + " elements", elements + ", as its shape says");
        }
        if (data.nested() && shape.size() == 1) {
            throw RefusedException.invalid(
                    field + ".data", "an array in an array", "one array, or shape [" + elements + ", 1]");
        }
        var values = new ArrayList<Value>(elements);
        for (int i = 0; i < elements; i++) {
            try {
                values.add(data.elements().get(i).as(type));
            } catch (IllegalArgumentException e) {
                throw InputTensors.unfit(field + ".data", i, e, type);
            }
        }
        return values;
    }
}

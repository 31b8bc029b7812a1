package dev.triptych.runtime.http.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.triptych.kernel.Invalid;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes requests of what a path, a query and a body give. What does not fit is refused by its name. */
final class RequestMessages {

    private static final Set<String> SCALAR_MESSAGES = Set.of(
            Timestamp.getDescriptor().getFullName(), Duration.getDescriptor().getFullName());

    private RequestMessages() {}

    /**
     * @param query values of each name, decoded; an empty value is left out
     * @param body JSON; may be empty
     * @throws RefusedRequestException where anything does not fit the request's message
     */
    static Message read(
            Operation operation, Map<String, String> pathValues, Map<String, List<String>> query, String body) {
        Message.Builder request = operation.newRequest();
        pathValues.forEach((field, value) -> set(request, field, List.of(value)));
        if (operation.hasBody()) {
            query.keySet().forEach(name -> {
                throw RefusedRequestException.invalid(name, "in the query", "in the JSON body");
            });
            if (!body.isBlank()) {
                merge(body, pathValues.keySet(), request);
            }
        } else {
            query.forEach((name, values) -> {
                List<String> given =
                        values.stream().filter(value -> !value.isEmpty()).toList();
                if (pathValues.containsKey(name)) {
                    throw RefusedRequestException.invalid(name, "in the query", "in the path alone");
                }
                if (!given.isEmpty()) {
                    set(request, name, given);
                }
            });
        }
        return request.build();
    }

    /** @param name of a field, or a path to one: {@code noted.number} */
    private static void set(Message.Builder request, String name, List<String> values) {
        List<String> path = Arrays.asList(name.split("\\.", -1));
        Descriptor message = request.getDescriptorForType();
        for (String each : path.subList(0, path.size() - 1)) {
            FieldDescriptor field = field(message, each, name);
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isRepeated()) {
                throw unknown(message, name);
            }
            message = field.getMessageType();
        }
        FieldDescriptor last = field(message, path.getLast(), name);
        if (last.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !SCALAR_MESSAGES.contains(last.getMessageType().getFullName())) {
            throw unknown(message, name);
        }
        if (!last.isRepeated() && values.size() > 1) {
            throw RefusedRequestException.invalid(name, values.size() + " values", "one");
        }
        JsonElement json = last.isRepeated() ? array(values) : new JsonPrimitive(values.getFirst());
        for (String each : path.reversed()) {
            var parent = new JsonObject();
            parent.add(each, json);
            json = parent;
        }
        try {
            JsonFormat.parser().merge(json.toString(), request);
        } catch (InvalidProtocolBufferException e) {
            throw RefusedRequestException.invalid(name, String.join(", ", values), JsonMistake.expected(last));
        }
    }

    private static JsonArray array(List<String> values) {
        var array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    private static FieldDescriptor field(Descriptor message, String name, String path) {
        return JsonMistake.field(message, name).orElseThrow(() -> unknown(message, path));
    }

    private static RefusedRequestException unknown(Descriptor message, String name) {
        return RefusedRequestException.of(new Invalid(name, "unknown", JsonMistake.names(message)));
    }

    private static void merge(String body, Set<String> fromPath, Message.Builder request) {
        requireJson(body);
        try {
            Message.Builder parsed = request.clone().clear();
            JsonFormat.parser().merge(body, parsed);
            for (String name : fromPath) {
                if (parsed.hasField(request.getDescriptorForType().findFieldByName(name))) {
                    throw RefusedRequestException.invalid(name, "in the body", "in the path alone");
                }
            }
            request.mergeFrom(parsed.build());
        } catch (InvalidProtocolBufferException e) {
            throw JsonMistake.find(body, request.getDefaultInstanceForType(), e);
        }
    }

    /** The protobuf library's own reader takes what is nearly JSON, and stops before what follows. */
    private static void requireJson(String body) {
        try (var reader = new JsonReader(new StringReader(body))) {
            reader.setStrictness(Strictness.STRICT);
            if (reader.peek() != JsonToken.BEGIN_OBJECT) {
                throw RefusedRequestException.invalid("body", "JSON of another kind", "a JSON object");
            }
            reader.skipValue();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw RefusedRequestException.invalid("body", "more than one value", "one JSON object");
            }
        } catch (IOException | IllegalStateException e) {
            throw RefusedRequestException.invalid("body", JsonMistake.reason(e), "JSON");
        }
    }
}

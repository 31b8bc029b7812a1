package dev.triptych.runtime.http.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Invalid;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a JSON text does not fit a message. The library that reads it does not say where, so the parts are read one by
 * one, deeper and deeper, until it refuses one that has no parts.
 */
final class JsonMistake {

    private JsonMistake() {}

    /**
     * @param json a JSON object that was refused
     * @param message what it was to be
     */
    static RefusedRequestException find(String json, Message message, InvalidProtocolBufferException refusal) {
        return within(JsonParser.parseString(json).getAsJsonObject(), message.newBuilderForType(), "")
                .map(RefusedRequestException::of)
                .orElseGet(() -> RefusedRequestException.invalid("body", reason(refusal), "what /openapi.json says"));
    }

    private static Optional<Invalid> within(JsonObject json, Message.Builder builder, String path) {
        for (Map.Entry<String, JsonElement> member : json.entrySet()) {
            String place = path + member.getKey();
            Optional<FieldDescriptor> field = field(builder.getDescriptorForType(), member.getKey());
            if (field.isEmpty()) {
                return Optional.of(new Invalid(place, "unknown", names(builder.getDescriptorForType())));
            }
            if (!fits(builder, member.getKey(), member.getValue())) {
                return Optional.of(at(field.get(), member.getKey(), member.getValue(), builder, place));
            }
        }
        return Optional.empty();
    }

    /** Of a member that is refused: the part of it that is. */
    private static Invalid at(
            FieldDescriptor field, String name, JsonElement json, Message.Builder parent, String place) {
        if (field.isMapField() && json instanceof JsonObject entries) {
            for (var entry : entries.entrySet()) {
                var one = new JsonObject();
                one.add(entry.getKey(), entry.getValue());
                if (!fits(parent, name, one)) {
                    FieldDescriptor value = field.getMessageType().findFieldByName("value");
                    return value(
                            value, entry.getValue(), parent.newBuilderForField(field), place + "." + entry.getKey());
                }
            }
        }
        if (field.isRepeated() && json instanceof JsonArray elements) {
            for (int i = 0; i < elements.size(); i++) {
                var one = new JsonArray();
                one.add(elements.get(i));
                if (!fits(parent, name, one)) {
                    return value(field, elements.get(i), parent, place + "[" + i + "]");
                }
            }
        }
        return field.isRepeated()
                ? new Invalid(place, json.toString(), field.isMapField() ? "an object" : "an array")
                : value(field, json, parent, place);
    }

    private static Invalid value(FieldDescriptor field, JsonElement json, Message.Builder parent, String place) {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && json instanceof JsonObject members) {
            Optional<Invalid> deeper = within(members, parent.newBuilderForField(field), place + ".");
            if (deeper.isPresent()) {
                return deeper.get();
            }
        }
        return new Invalid(place, json.toString(), expected(field));
    }

    private static boolean fits(Message.Builder builder, String name, JsonElement value) {
        var one = new JsonObject();
        one.add(name, value);
        try {
            JsonFormat.parser().merge(one.toString(), builder.clone().clear());
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    /** By either of its names. */
    static Optional<FieldDescriptor> field(Descriptor message, String name) {
        return message.getFields().stream()
                .filter(field ->
                        field.getName().equals(name) || field.getJsonName().equals(name))
                .findFirst();
    }

    static String names(Descriptor message) {
        return message.getFields().isEmpty()
                ? "nothing"
                : message.getFields().stream()
                        .map(FieldDescriptor::getJsonName)
                        .collect(Collectors.joining(", ", "one of ", ""));
    }

    static String expected(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> "a whole number of 32 bits";
            case UINT32, FIXED32 -> "a whole number of 32 bits, not negative";
            case INT64, SINT64, SFIXED64 -> "a whole number of 64 bits";
            case UINT64, FIXED64 -> "a whole number of 64 bits, not negative";
            case DOUBLE, FLOAT -> "a number";
            case BOOL -> "true or false";
            case STRING -> "a text";
            case BYTES -> "base64";
            case ENUM ->
                field.getEnumType().getValues().stream()
                        .map(EnumValueDescriptor::getName)
                        .collect(Collectors.joining(", ", "one of ", ""));
            case MESSAGE, GROUP ->
                switch (field.getMessageType().getFullName()) {
                    case "google.protobuf.Timestamp" -> "a time such as 2026-01-31T10:00:00Z";
                    case "google.protobuf.Duration" -> "a duration such as 1.5s";
                    default -> "an object, with at most one of what excludes one another";
                };
        };
    }

    /** A parser's message without the advice for its own users. */
    static String reason(Exception failure) {
        return Causes.message(failure)
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^(Use JsonReader.* to accept |[\\w.]+Exception: )", "");
    }
}

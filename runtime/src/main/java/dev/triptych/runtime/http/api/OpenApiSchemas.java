package dev.triptych.runtime.http.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Set;

/** JSON Schema of the contract's messages, as protobuf's JSON mapping writes them; those referred to are collected. */
final class OpenApiSchemas {

    private final ContractComments comments;
    private final JsonObject collected = new JsonObject();

    OpenApiSchemas(ContractComments comments) {
        this.comments = comments;
    }

    /** By the names that references use. */
    JsonObject collected() {
        return collected;
    }

    JsonObject reference(Descriptor message) {
        String name = name(message.getFullName());
        if (!collected.has(name)) {
            // Before its fields, as they may lead back to it.
            collected.add(name, new JsonObject());
            collected.add(name, message(message, Set.of()));
        }
        return referenceTo(name);
    }

    private JsonObject reference(EnumDescriptor type) {
        String name = name(type.getFullName());
        if (!collected.has(name)) {
            JsonObject schema = typed("string");
            var values = new JsonArray();
            type.getValues().stream().map(EnumValueDescriptor::getName).forEach(values::add);
            schema.add("enum", values);
            collected.add(name, described(schema, comments.of(type.getFullName())));
        }
        return referenceTo(name);
    }

    /** @param without fields that are given elsewhere */
    JsonObject message(Descriptor message, Set<String> without) {
        JsonObject schema = described(typed("object"), comments.of(message.getFullName()));
        var properties = new JsonObject();
        for (FieldDescriptor field : message.getFields()) {
            if (!without.contains(field.getName())) {
                properties.add(field.getJsonName(), described(field(field), comments.of(field.getFullName())));
            }
        }
        schema.add("properties", properties);
        schema.addProperty("additionalProperties", false);
        if (message.getFields().stream().allMatch(field -> field.getContainingOneof() != null)
                && message.getOneofs().size() == 1) {
            schema.addProperty("maxProperties", 1);
        }
        return schema;
    }

    JsonObject field(FieldDescriptor field) {
        if (field.isMapField()) {
            JsonObject schema = typed("object");
            schema.add("additionalProperties", value(field.getMessageType().findFieldByName("value")));
            return schema;
        }
        if (field.isRepeated()) {
            JsonObject schema = typed("array");
            schema.add("items", value(field));
            return schema;
        }
        return value(field);
    }

    private JsonObject value(FieldDescriptor field) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32, UINT32, FIXED32 -> formatted(typed("integer"), "int32");
            case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> formatted(typed("string"), "int64");
            case DOUBLE, FLOAT -> number();
            case BOOL -> typed("boolean");
            case STRING -> typed("string");
            case BYTES -> formatted(typed("string"), "byte");
            case ENUM ->
                field.getEnumType().getFullName().equals("google.protobuf.NullValue")
                        ? typed("null")
                        : reference(field.getEnumType());
            case MESSAGE, GROUP ->
                switch (field.getMessageType().getFullName()) {
                    case "google.protobuf.Timestamp" -> formatted(typed("string"), "date-time");
                    case "google.protobuf.Duration" -> {
                        JsonObject schema = typed("string");
                        schema.addProperty("pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$");
                        yield schema;
                    }
                    default -> reference(field.getMessageType());
                };
        };
    }

    /** JSON has no numbers for these. */
    private static JsonObject number() {
        JsonObject others = typed("string");
        var names = new JsonArray();
        List.of("NaN", "Infinity", "-Infinity").forEach(names::add);
        others.add("enum", names);
        var either = new JsonArray();
        either.add(formatted(typed("number"), "double"));
        either.add(others);
        var schema = new JsonObject();
        schema.add("oneOf", either);
        return schema;
    }

    static JsonObject typed(String type) {
        var schema = new JsonObject();
        schema.addProperty("type", type);
        return schema;
    }

    private static JsonObject formatted(JsonObject schema, String format) {
        schema.addProperty("format", format);
        return schema;
    }

    static JsonObject described(JsonObject part, String description) {
        if (!description.isEmpty()) {
            part.addProperty("description", description);
        }
        return part;
    }

    private static JsonObject referenceTo(String name) {
        var reference = new JsonObject();
        reference.addProperty("$ref", "#/components/schemas/" + name);
        return reference;
    }

    /** Without the package. */
    private static String name(String fullName) {
        return fullName.replaceFirst("^([a-z]\\w*\\.)+", "");
    }
}

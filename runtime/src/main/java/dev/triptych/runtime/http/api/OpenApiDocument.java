package dev.triptych.runtime.http.api;

import static dev.triptych.runtime.http.api.OpenApiSchemas.described;
import static dev.triptych.runtime.http.api.OpenApiSchemas.typed;

import com.google.api.HttpBody;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The interface as OpenAPI 3.1: what the routes are made of, with the contract's own words. */
final class OpenApiDocument {

    private static final String CONVENTIONS = """


            Over HTTP: messages are in protobuf's JSON mapping, names of fields in either spelling (`run_id`, `runId`). \
            Whole numbers of 64 bits are texts. Lists can be had as CSV (`?format=csv`). Streams are a JSON object a \
            line, or server-sent events for those who accept them, the last of which is named `end` or `error`. \
            POST and PATCH take `application/json`, and no request of another origin's pages.""";

    private final ContractComments comments = ContractComments.read();
    private final OpenApiSchemas schemas = new OpenApiSchemas(comments);
    private final Set<String> operationIds = new HashSet<>();

    private OpenApiDocument() {}

    static String of(Operations operations) {
        return new OpenApiDocument().document(operations).toString();
    }

    private JsonObject document(Operations operations) {
        var info = new JsonObject();
        info.addProperty("title", "Triptych");
        info.addProperty("version", "v1");
        info.addProperty(
                "description",
                operations.all().stream()
                                .map(each ->
                                        comments.of(each.declared().getFile().getPackage()))
                                .findFirst()
                                .orElse("")
                        + CONVENTIONS);
        var byPath = new TreeMap<String, JsonObject>();
        var services = new TreeSet<String>();
        operations.all().stream()
                .sorted(Comparator.comparing(each -> each.path().text()))
                .forEach(each -> {
                    byPath.computeIfAbsent(each.path().text(), unseen -> new JsonObject())
                            .add(each.method().toLowerCase(Locale.ROOT), operation(each));
                    services.add(each.declared().getService().getFullName());
                });
        var paths = new JsonObject();
        byPath.forEach(paths::add);
        schemas.collected().add("Error", error());
        var components = new JsonObject();
        components.add("schemas", schemas.collected());
        var document = new JsonObject();
        document.addProperty("openapi", "3.1.0");
        document.add("info", info);
        document.add("tags", tags(services));
        document.add("paths", paths);
        document.add("components", components);
        return document;
    }

    private JsonArray tags(Set<String> services) {
        var tags = new JsonArray();
        for (String service : services) {
            var tag = new JsonObject();
            tag.addProperty("name", bare(service));
            tags.add(described(tag, comments.of(service)));
        }
        return tags;
    }

    private JsonObject operation(Operation operation) {
        var declared = operation.declared();
        String name = declared.getService().getName() + "_" + declared.getName();
        var json = new JsonObject();
        json.addProperty(
                "operationId",
                operationIds.add(name)
                        ? name
                        : name + "_" + operation.path().fields().size());
        var tags = new JsonArray();
        tags.add(declared.getService().getName());
        json.add("tags", tags);
        described(json, comments.of(declared.getFullName()));
        json.add("parameters", parameters(operation));
        if (operation.hasBody()) {
            var body = new JsonObject();
            body.add(
                    "content",
                    content(
                            "application/json",
                            schemas.message(
                                    declared.getInputType(),
                                    Set.copyOf(operation.path().fields()))));
            body.addProperty("required", true);
            json.add("requestBody", body);
        }
        json.add("responses", responses(operation));
        return json;
    }

    private JsonArray parameters(Operation operation) {
        var parameters = new JsonArray();
        Descriptor request = operation.declared().getInputType();
        for (String name : operation.path().fields()) {
            FieldDescriptor field = request.findFieldByName(name);
            parameters.add(parameter(name, "path", schemas.field(field), comments.of(field.getFullName())));
        }
        if (!operation.hasBody()) {
            query("", request, Set.copyOf(operation.path().fields()), parameters);
        }
        List<String> formats = formats(operation);
        if (formats.size() > 1) {
            JsonObject schema = typed("string");
            var names = new JsonArray();
            formats.forEach(names::add);
            schema.add("enum", names);
            parameters.add(parameter(
                    AnswerFormat.PARAMETER, "query", schema, "In place of the header Accept; json, if left out."));
        }
        return parameters;
    }

    /** Fields of messages within the request are named with dots; maps and lists of messages need a body. */
    private void query(String prefix, Descriptor message, Set<String> given, JsonArray parameters) {
        for (FieldDescriptor field : message.getFields()) {
            boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                    && !field.getMessageType().getFullName().startsWith("google.protobuf.");
            if (given.contains(field.getName()) || isMessage && field.isRepeated()) {
                continue;
            }
            String name = prefix + field.getJsonName();
            if (isMessage) {
                query(name + ".", field.getMessageType(), Set.of(), parameters);
            } else {
                parameters.add(parameter(name, "query", schemas.field(field), comments.of(field.getFullName())));
            }
        }
    }

    private static JsonObject parameter(String name, String in, JsonObject schema, String description) {
        var parameter = new JsonObject();
        parameter.addProperty("name", name);
        parameter.addProperty("in", in);
        if (in.equals("path")) {
            parameter.addProperty("required", true);
        }
        parameter.add("schema", schema);
        return described(parameter, description);
    }

    private static List<String> formats(Operation operation) {
        if (operation.isStreaming()) {
            return List.of("json", "events", "csv");
        }
        return CsvTable.list(operation.declared().getOutputType()).isPresent()
                ? List.of("json", "csv")
                : List.of("json");
    }

    private JsonObject responses(Operation operation) {
        Descriptor answer = operation.declared().getOutputType();
        var success = new JsonObject();
        success.addProperty("description", operation.isStreaming() ? "One after the other." : "The answer.");
        var content = new JsonObject();
        if (answer.getFullName().equals(HttpBody.getDescriptor().getFullName())) {
            content.add("text/markdown", media(typed("string")));
        } else if (operation.isStreaming()) {
            content.add("application/x-ndjson", media(schemas.reference(answer)));
            content.add("text/event-stream", media(schemas.reference(answer)));
            content.add("text/csv", media(typed("string")));
        } else {
            content.add("application/json", media(schemas.reference(answer)));
            if (formats(operation).contains("csv")) {
                content.add("text/csv", media(typed("string")));
            }
        }
        success.add("content", content);
        var failure = new JsonObject();
        failure.addProperty("description", "Why not; the status is by the kind of failure.");
        var error = new JsonObject();
        error.addProperty("$ref", "#/components/schemas/Error");
        failure.add("content", content("application/json", error));
        var responses = new JsonObject();
        responses.add("200", success);
        responses.add("default", failure);
        return responses;
    }

    private static JsonObject error() {
        var properties = new JsonObject();
        properties.add("error", described(typed("string"), "What is wrong, and what was expected."));
        properties.add("field", described(typed("string"), "Of the request, where it is one that is wrong."));
        var required = new JsonArray();
        required.add("error");
        JsonObject schema = typed("object");
        schema.add("properties", properties);
        schema.add("required", required);
        return schema;
    }

    private static JsonObject content(String type, JsonObject schema) {
        var content = new JsonObject();
        content.add(type, media(schema));
        return content;
    }

    private static JsonObject media(JsonObject schema) {
        var media = new JsonObject();
        media.add("schema", schema);
        return media;
    }

    private static String bare(String fullName) {
        return fullName.substring(fullName.lastIndexOf('.') + 1);
    }
}

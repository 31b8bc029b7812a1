package dev.triptych.runtime.http.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.opencsv.CSVWriterBuilder;
import com.opencsv.ICSVWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A list as CSV (RFC 4180), a line an element: what is nested has a column named with dots, a missing value is empty,
 * and a list within an element is JSON. Times, numbers and names are as in JSON.
 */
final class CsvTable {

    private CsvTable() {}

    /** @throws RefusedRequestException if the answer is no list */
    static String of(Message answer) {
        FieldDescriptor list =
                list(answer.getDescriptorForType()).orElseThrow(() -> AnswerFormat.CSV.unfit("json: this is no list"));
        var rows = new ArrayList<Map<String, String>>();
        JsonParser.parseString(MessageJson.of(answer))
                .getAsJsonObject()
                .getAsJsonArray(list.getJsonName())
                .forEach(element -> rows.add(row(list, element)));
        return text(columns(fields(list), rows), rows);
    }

    /** Of a stream that has ended. */
    static String of(Descriptor type, List<Message> answers) {
        var rows = new ArrayList<Map<String, String>>();
        for (Message answer : answers) {
            var cells = new LinkedHashMap<String, String>();
            flatten("", type, JsonParser.parseString(MessageJson.of(answer)), cells);
            rows.add(cells);
        }
        return text(columns(type.getFields(), rows), rows);
    }

    /** Whether such an answer can be had as CSV: its first field is a list. */
    static Optional<FieldDescriptor> list(Descriptor answer) {
        return answer.getFields().stream()
                .filter(field -> field.getNumber() == 1 && field.isRepeated() && !field.isMapField())
                .findFirst();
    }

    private static Map<String, String> row(FieldDescriptor list, JsonElement element) {
        var cells = new LinkedHashMap<String, String>();
        if (list.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            flatten("", list.getMessageType(), element, cells);
        } else {
            cells.put(list.getJsonName(), element.getAsString());
        }
        return cells;
    }

    private static void flatten(String prefix, Descriptor type, JsonElement json, Map<String, String> cells) {
        if (!(json instanceof JsonObject members)) {
            // A time or a duration.
            cells.put(prefix, json.getAsString());
            return;
        }
        if (isOneValue(type)) {
            members.asMap().values().forEach(value -> cells.put(prefix, value.isJsonNull() ? "" : value.getAsString()));
            return;
        }
        for (FieldDescriptor field : type.getFields()) {
            JsonElement value = members.get(field.getJsonName());
            if (value != null) {
                cell(prefix.isEmpty() ? field.getJsonName() : prefix + "." + field.getJsonName(), field, value, cells);
            }
        }
    }

    private static void cell(String name, FieldDescriptor field, JsonElement value, Map<String, String> cells) {
        if (field.isMapField()) {
            FieldDescriptor of = field.getMessageType().findFieldByName("value");
            new TreeMap<>(value.getAsJsonObject().asMap())
                    .forEach((key, each) -> cell(name + "." + key, of, each, cells));
        } else if (field.isRepeated()) {
            cells.put(name, value.getAsJsonArray().isEmpty() ? "" : value.toString());
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            flatten(name, field.getMessageType(), value, cells);
        } else {
            cells.put(name, value.isJsonNull() ? "" : value.getAsString());
        }
    }

    /** A message that only says which kind its one value is of. */
    private static boolean isOneValue(Descriptor type) {
        return type.getOneofs().size() == 1
                && type.getFields().stream()
                        .allMatch(field -> field.getContainingOneof() != null
                                && (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                                        || field.getMessageType()
                                                .getFile()
                                                .getPackage()
                                                .equals("google.protobuf")));
    }

    /** Columns of one field stand together, in the contract's order, whichever rows have them. */
    private static List<String> columns(List<FieldDescriptor> fields, List<Map<String, String>> rows) {
        var seen = new LinkedHashSet<String>();
        rows.forEach(row -> seen.addAll(row.keySet()));
        var columns = new LinkedHashSet<String>();
        for (FieldDescriptor field : fields) {
            String name = field.getJsonName();
            if (!field.isMapField() && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                columns.add(name);
            }
            seen.stream()
                    .filter(column -> column.equals(name) || column.startsWith(name + "."))
                    .forEach(columns::add);
        }
        return List.copyOf(columns);
    }

    private static List<FieldDescriptor> fields(FieldDescriptor list) {
        return list.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? list.getMessageType().getFields()
                : List.of(list);
    }

    private static String text(List<String> columns, List<Map<String, String>> rows) {
        var text = new StringWriter();
        try (ICSVWriter writer = new CSVWriterBuilder(text).withLineEnd("\r\n").build()) {
            writer.writeNext(columns.toArray(String[]::new), false);
            for (Map<String, String> row : rows) {
                writer.writeNext(
                        columns.stream()
                                .map(column -> row.getOrDefault(column, ""))
                                .toArray(String[]::new),
                        false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}

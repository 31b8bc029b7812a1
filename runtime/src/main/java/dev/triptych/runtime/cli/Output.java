package dev.triptych.runtime.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.triptych.v1.StoredRow;
import dev.triptych.v1.Value;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints answers: aligned tables for people, one JSON object a line for programs. */
final class Output {

    private static final JsonFormat.Printer JSON = JsonFormat.printer()
            .preservingProtoFieldNames()
            .alwaysPrintFieldsWithNoPresence()
            .omittingInsignificantWhitespace();

    private final PrintWriter out;

    Output(PrintWriter out) {
        this.out = out;
    }

    void json(Message message) {
        try {
            out.println(JSON.print(message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message of our own cannot be printed as JSON", e);
        }
        out.flush();
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** @param rows the first is the heading; all of one length */
    void table(List<List<String>> rows) {
        var widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            var cells = new ArrayList<String>();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                cells.add(cell + " ".repeat(widths[column] - cell.length()));
            }
            out.println(String.join("  ", cells).stripTrailing());
        }
        out.flush();
    }

    static String time(boolean known, Timestamp timestamp) {
        return known
                ? Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos())
                        .toString()
                : "-";
    }

    static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** By feature, in order. */
    static String values(StoredRow row) {
        return new TreeMap<>(row.getValuesMap())
                .entrySet().stream()
                        .map(value -> value.getKey() + "=" + text(value.getValue()))
                        .collect(Collectors.joining(" "));
    }

    static String text(Value value) {
        return switch (value.getKindCase()) {
            case NULL, KIND_NOT_SET -> "null";
            case BOOL -> String.valueOf(value.getBool());
            case INT64 -> String.valueOf(value.getInt64());
            case FLOAT64 -> String.valueOf(value.getFloat64());
            case TEXT -> value.getText();
            case TIMESTAMP -> time(true, value.getTimestamp());
        };
    }
}

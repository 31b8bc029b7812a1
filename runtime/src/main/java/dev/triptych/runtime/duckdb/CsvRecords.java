package dev.triptych.runtime.duckdb;

import dev.triptych.runtime.duckdb.TextLines.Line;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a CSV file as RFC 4180 has them: commas, double quotes, values that may span lines; blank lines are
 * passed over. A record that is none costs its first line alone; reading goes on with the line after it.
 *
 * <p>DuckDB's own reader is not used because it drops without a word what follows a quote that never ends, which is how
 * a truncated file ends, and because it counts records where people count lines.
 */
final class CsvRecords {

    /** A quote that never ends must not make a value of the rest of the file. */
    private static final int LINES_PER_RECORD_MAX = 1_000;

    sealed interface Read {}

    /**
     * @param line where it begins
     * @param fields as many as the heading has; null for nothing, quoted or not
     */
    record Row(long line, List<@Nullable String> fields) implements Read {}

    /**
     * @param column where it went wrong
     * @param text of its first line
     */
    record Broken(long line, String column, String text, String expected) implements Read {}

    private final TextLines lines;
    private final Deque<Line> again = new ArrayDeque<>();
    private final List<String> heading;

    CsvRecords(TextLines lines) {
        this.lines = lines;
        this.heading = switch (record()) {
            case null -> List.of();
            case Row row ->
                row.fields().stream().map(name -> name == null ? "" : name).toList();
            case Broken broken -> List.of(broken.text());
        };
    }

    /** The names in the first record. */
    List<String> heading() {
        return heading;
    }

    /** The next record, or null after the last. */
    @Nullable
    Read next() {
        return switch (record()) {
            case null -> null;
            case Broken broken -> broken;
            case Row row when row.fields().size() == heading.size() -> row;
            case Row row -> miscounted(row);
        };
    }

    private Broken miscounted(Row row) {
        int found = row.fields().size();
        var shown = new ArrayList<String>();
        row.fields().forEach(field -> shown.add(field == null ? "" : field));
        return new Broken(
                row.line(),
                found < heading.size() ? heading.get(found) : "line",
                String.join(",", shown),
                heading.size() + " fields as in the heading, not " + found);
    }

    private @Nullable Line take() {
        return again.isEmpty() ? lines.next() : again.removeFirst();
    }

    private @Nullable Read record() {
        Line first = take();
        while (first != null && first.text().isBlank()) {
            first = take();
        }
        if (first == null) {
            return null;
        }
        var parsing = new Parsing(first);
        while (true) {
            if (!parsing.field()) {
                // What follows the first line may be sound.
                parsing.spanned.reversed().forEach(again::addFirst);
                int column = parsing.fields.size();
                return new Broken(
                        first.number(),
                        column < heading().size() ? heading().get(column) : "line",
                        first.text(),
                        parsing.expected);
            }
            if (parsing.atEnd()) {
                return new Row(first.number(), parsing.fields);
            }
        }
    }

    /** One record in the making. */
    private final class Parsing {
        private final List<@Nullable String> fields = new ArrayList<>();
        private final List<Line> spanned = new ArrayList<>();
        private String text;
        private String expected = "";
        private int at;

        Parsing(Line first) {
            text = first.text();
            if (!first.utf8()) {
                expected = "UTF-8";
            }
        }

        boolean atEnd() {
            return at > text.length();
        }

        /** Reads one field and the comma behind it; false if it is none. */
        boolean field() {
            if (!expected.isEmpty()) {
                return false;
            }
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            String field = quoted ? quoted() : plain();
            if (field == null) {
                return false;
            }
            fields.add(field.isEmpty() ? null : field);
            at++;
            return true;
        }

        private String plain() {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            String field = text.substring(at, end);
            at = end;
            return field;
        }

        private @Nullable String quoted() {
            var value = new StringBuilder();
            at++;
            while (true) {
                int quote = text.indexOf('"', at);
                if (quote < 0) {
                    value.append(text, at, text.length()).append('\n');
                    if (!goOnWithNextLine()) {
                        return null;
                    }
                } else {
                    value.append(text, at, quote);
                    at = quote + 1;
                    if (at == text.length() || text.charAt(at) == ',') {
                        return value.toString();
                    }
                    if (text.charAt(at) != '"') {
                        expected = "a comma after the quote that ends a value, or that quote doubled";
                        return null;
                    }
                    value.append('"');
                    at++;
                }
            }
        }

        private boolean goOnWithNextLine() {
            Line next = spanned.size() < LINES_PER_RECORD_MAX ? take() : null;
            if (next == null) {
                expected = "a quote that ends the value";
                return false;
            }
            spanned.add(next);
            if (!next.utf8()) {
                expected = "UTF-8";
                return false;
            }
            text = next.text();
            at = 0;
            return true;
        }
    }
}

package dev.triptych.runtime.duckdb;

/** Text as it stands in a DuckDB statement. */
final class SqlQuotes {

    private SqlQuotes() {}

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

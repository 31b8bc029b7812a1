package dev.triptych.runtime.duckdb;

import java.time.ZoneId;
import java.time.ZoneOffset;

/** Text as it stands in a DuckDB statement. */
final class SqlQuotes {

    private SqlQuotes() {}

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** Java and DuckDB agree on the names of regions, but not on those of fixed offsets. */
    static String zone(ZoneId zone) {
        return literal(
                zone.normalized() instanceof ZoneOffset offset
                        ? offset.equals(ZoneOffset.UTC) ? "UTC" : "UTC" + offset.getId()
                        : zone.getId());
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}

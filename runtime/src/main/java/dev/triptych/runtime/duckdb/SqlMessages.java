package dev.triptych.runtime.duckdb;

import java.sql.SQLException;
import java.util.regex.Pattern;

/** What DuckDB says, in one line. */
final class SqlMessages {

    private static final Pattern LINE = Pattern.compile("LINE (\\d+):");

    private SqlMessages() {}

    static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
    }

    /** The line of the statement that it points at, from 1; 0 where it points at none. */
    static int line(SQLException e) {
        var matcher = LINE.matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}

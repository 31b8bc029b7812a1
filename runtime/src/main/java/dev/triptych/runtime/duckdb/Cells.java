package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.duckdb.DuckDBAppender;

/** Feature values as DuckDB's. */
final class Cells {

    private Cells() {}

    static String sqlType(FeatureType type) {
        return switch (type) {
            case BOOL -> "BOOLEAN";
            case INT64 -> "BIGINT";
            case FLOAT64 -> "DOUBLE";
            case STRING -> "VARCHAR";
            case TIMESTAMP -> "TIMESTAMPTZ";
        };
    }

    static void append(DuckDBAppender appender, Value value, FeatureType type) throws SQLException {
        switch (value) {
            case Value.Null missing -> appender.appendNull();
            case Value.Bool(var bool) -> appender.append(bool);
            case Value.Int64(var number)
            when type == FeatureType.TIMESTAMP -> appender.appendEpochMicros(finite(number));
            case Value.Int64(var number) when type == FeatureType.FLOAT64 -> appender.append((double) number);
            case Value.Int64(var number) -> appender.append(number);
            case Value.Float64(var number) -> appender.append(number);
            case Value.Text(var text) -> appender.append(text);
        }
    }

    /** The two ends of the range mean minus and plus infinity to DuckDB; nothing happens there. */
    static long finite(long micros) {
        return Math.max(-Long.MAX_VALUE + 1, Math.min(Long.MAX_VALUE - 1, micros));
    }

    /**
     * Column names ignore case in DuckDB, feature names do not; {@code Age} beside {@code age} becomes {@code Age_2}.
     *
     * @param taken what the other columns are called, in lower case
     */
    static List<String> columns(List<String> names, Collection<String> taken) {
        Set<String> all = new HashSet<>(taken);
        var columns = new ArrayList<String>(names.size());
        for (String name : names) {
            String column = name;
            for (int number = 2; !all.add(column.toLowerCase(Locale.ROOT)); number++) {
                column = name + "_" + number;
            }
            columns.add(column);
        }
        return columns;
    }
}

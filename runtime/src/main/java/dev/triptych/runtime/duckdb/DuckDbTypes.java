package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.domain.FeatureType;
import java.util.Set;

/** Feature types and DuckDB's. */
final class DuckDbTypes {

    private static final Set<String> WHOLE = Set.of(
            "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT");
    private static final Set<String> REAL = Set.of("FLOAT", "DOUBLE");

    private DuckDbTypes() {}

    static String of(FeatureType type) {
        return switch (type) {
            case BOOL -> "BOOLEAN";
            case INT64 -> "BIGINT";
            case FLOAT64 -> "DOUBLE";
            case STRING -> "VARCHAR";
            case TIMESTAMP -> "TIMESTAMP WITH TIME ZONE";
        };
    }

    /** Whether a column of that DuckDB type can be a feature of this type without losing anything. */
    static boolean fits(String found, FeatureType type) {
        return switch (type) {
            case BOOL -> found.equals("BOOLEAN");
            case INT64 -> WHOLE.contains(found);
            case FLOAT64 -> isNumber(found);
            case STRING -> found.equals("VARCHAR") || found.startsWith("ENUM");
            case TIMESTAMP -> found.equals("TIMESTAMP WITH TIME ZONE");
        };
    }

    static boolean isNumber(String found) {
        return REAL.contains(found) || WHOLE.contains(found) || found.startsWith("DECIMAL");
    }

    static boolean isTimeWithoutZone(String found) {
        return found.equals("DATE") || (found.startsWith("TIMESTAMP") && !found.equals("TIMESTAMP WITH TIME ZONE"));
    }
}

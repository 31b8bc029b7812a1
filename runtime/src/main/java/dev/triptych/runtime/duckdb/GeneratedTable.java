package dev.triptych.runtime.duckdb;

import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.feature.Generator;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureType;
import java.lang.reflect.InvocationTargetException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Loads what a generator makes into the table {@code source}. */
final class GeneratedTable {

    /** What microseconds can count, with room to spare; which times an entity takes is checked with the rows made. */
    private static final Instant EARLIEST = Instant.parse("-200000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+200000-01-01T00:00:00Z");

    private final DuckDBConnection connection;
    private final SourceDefinition.Generated source;

    GeneratedTable(DuckDBConnection connection, SourceDefinition.Generated source) {
        this.connection = connection;
        this.source = source;
    }

    /** @return rows loaded */
    long load(Generator.Batch batch) throws SQLException {
        List<FeatureType> types = new ArrayList<>(batch.columns().values());
        List<String> names = new ArrayList<>(batch.columns().keySet());
        execute("CREATE TABLE generated ("
                + batch.columns().entrySet().stream()
                        .map(column -> SqlQuotes.identifier(column.getKey()) + " " + stored(column.getValue()))
                        .collect(Collectors.joining(", "))
                + ")");
        long rows = 0;
        try (DuckDBAppender appender = connection.createAppender("main", "generated")) {
            for (List<@Nullable Object> row = next(batch, rows); row != null; row = next(batch, ++rows)) {
                if (row.size() != types.size()) {
                    throw unusable(rows, "row", row.size() + " values", types.size() + " values");
                }
                appender.beginRow();
                for (int i = 0; i < types.size(); i++) {
                    append(appender, types.get(i), row.get(i), rows, names.get(i));
                }
                appender.endRow();
            }
        }
        // The appender knows no zones, so times travel as numbers.
        execute("CREATE VIEW source AS SELECT "
                + batch.columns().entrySet().stream()
                        .map(column -> {
                            String cell = SqlQuotes.identifier(column.getKey());
                            return column.getValue() == FeatureType.TIMESTAMP
                                    ? "timezone('UTC', make_timestamp(" + cell + ")) AS " + cell
                                    : cell;
                        })
                        .collect(Collectors.joining(", "))
                + " FROM generated");
        return rows;
    }

    private @Nullable List<@Nullable Object> next(Generator.Batch batch, long row) {
        try {
            return batch.rows().hasNext() ? batch.rows().next() : null;
        } catch (RuntimeException e) {
            throw failed(source, "generated row " + row + ": ", e);
        }
    }

    private static String stored(FeatureType type) {
        return type == FeatureType.TIMESTAMP ? "BIGINT" : DuckDbTypes.of(type);
    }

    private static void append(
            DuckDBAppender appender, FeatureType type, @Nullable Object value, long row, String column)
            throws SQLException {
        switch (value) {
            case null -> appender.appendNull();
            case Boolean bool when type == FeatureType.BOOL -> appender.append(bool.booleanValue());
            case Long number when type == FeatureType.INT64 -> appender.append(number.longValue());
            case Double number when type == FeatureType.FLOAT64 -> appender.append(number.doubleValue());
            case String text when type == FeatureType.STRING -> appender.append(text);
            case Instant instant
            when type == FeatureType.TIMESTAMP && instant.isAfter(EARLIEST) && instant.isBefore(LATEST) ->
                appender.append(Micros.of(instant));
            default ->
                throw unusable(row, column, value + " of " + value.getClass().getSimpleName(), type.label());
        }
    }

    private static UnreadableSourceException unusable(long row, String column, String value, String expected) {
        String message = "generated row " + row + ": " + column + ": " + value + " (expected: " + expected + ")";
        return new UnreadableSourceException(message, List.of(message));
    }

    /** @throws UnreadableSourceException if there is no such generator, or it fails */
    static Generator.Batch batch(SourceDefinition.Generated source, Generator.Request request) {
        Generator generator = generator(source);
        try {
            return generator.generate(request);
        } catch (RuntimeException e) {
            throw failed(source, "", e);
        }
    }

    private static UnreadableSourceException failed(
            SourceDefinition.Generated source, String place, RuntimeException e) {
        return new UnreadableSourceException(source.className() + ": " + place + Causes.message(e), List.of(), e);
    }

    private static Generator generator(SourceDefinition.Generated source) {
        try {
            Object made = Class.forName(source.className()).getConstructor().newInstance();
            if (made instanceof Generator generator) {
                return generator;
            }
            throw new UnreadableSourceException(
                    source.className() + " is no generator (expected: a class that implements "
                            + Generator.class.getName() + ")",
                    List.of());
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            throw new UnreadableSourceException(
                    source.className() + " cannot be made: " + cause
                            + " (expected: a class on TRIPTYCH_CLASSPATH with a"
                            + " public constructor without parameters)",
                    List.of());
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

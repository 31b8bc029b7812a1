package dev.triptych.runtime.postgres;

import dev.triptych.kernel.Micros;
import dev.triptych.runtime.postgres.RandomEvents.WrittenEvent;
import dev.triptych.store.features.domain.FeatureRow;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Rows as one line of text each: as they were written, and as any Parquet reader finds them. */
final class ParquetRows {

    private static final int FIXED_COLUMNS = 7;

    private ParquetRows() {}

    static List<String> written(List<WrittenEvent> events) {
        var lines = new ArrayList<String>();
        for (WrittenEvent written : events) {
            int index = 0;
            for (FeatureRow row : written.event().rows()) {
                var line = new StringJoiner(" · ")
                        .add(written.key())
                        .add(Long.toString(row.eventMicros()))
                        .add(Long.toString(written.event().ingestMicros()))
                        .add(Long.toString(written.at().transaction()))
                        .add(Long.toString(written.at().ordering()))
                        .add(Integer.toString(index++))
                        .add(Long.toString(written.sequenceNr()));
                row.values().forEach(value -> line.add(String.valueOf(value.raw())));
                lines.add(line.toString());
            }
        }
        return lines;
    }

    /** @param paths relative to the root */
    static List<String> stored(Path root, List<String> paths) {
        var lines = new ArrayList<String>();
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            for (String path : paths) {
                try (var rows = statement.executeQuery("SELECT * FROM read_parquet('" + root.resolve(path) + "')")) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        var line = new StringJoiner(" · ");
                        for (int column = 1; column <= columns; column++) {
                            line.add(text(rows.getObject(column)));
                        }
                        lines.add(line.toString());
                    }
                    if (columns < FIXED_COLUMNS) {
                        throw new IllegalStateException(path + " has only " + columns + " columns");
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return lines;
    }

    private static String text(@Nullable Object value) {
        return value instanceof OffsetDateTime time
                ? Long.toString(Micros.of(time.toInstant()))
                : String.valueOf(value);
    }
}

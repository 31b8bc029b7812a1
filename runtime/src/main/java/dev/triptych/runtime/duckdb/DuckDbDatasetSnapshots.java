package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.ErasureList;
import dev.triptych.store.features.RowCopies;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.training.DatasetSnapshots;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetRow;
import dev.triptych.training.domain.DatasetSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * Training datasets as Parquet, {@code <hash>.parquet}: the columns {@code key}, {@code event_time}, the label and every
 * feature read, each under its {@code view.feature}. The file's metadata tell {@code system} and {@code entity}.
 */
public final class DuckDbDatasetSnapshots implements DatasetSnapshots {

    private static final List<String> FIXED = List.of("key", "event_time");
    private static final String HALF_WRITTEN = ".half";

    private final Path folder;
    private final DuckDbMemory memory;
    private final ErasureList erasures;
    private final RowCopies kept;

    /**
     * @param folder of the datasets; made where it is missing
     * @param erasures of entities whose rows must not be kept
     */
    public DuckDbDatasetSnapshots(Path folder, DuckDbMemory memory, ErasureList erasures) {
        this.folder = folder;
        this.memory = memory;
        this.erasures = erasures;
        this.kept = new DuckDbDatasetCopies(folder, memory);
    }

    @Override
    public void keep(String system, String entity, Dataset dataset) {
        Path target = folder.resolve(dataset.hash() + ".parquet");
        if (Files.exists(target)) {
            return;
        }
        // A name of its own, as an attempt that was given up may still be writing the same dataset.
        Path half = folder.resolve(dataset.hash() + "." + UUID.randomUUID() + HALF_WRITTEN);
        try {
            DurableFiles.createFolders(folder);
            write(system, entity, dataset, half);
            DurableFiles.rename(half, target);
            // An entity that was erased before the file had its name was not looked for in it.
            kept.erase(erasedSince(erasures.of(system, entity), dataset));
        } catch (IOException e) {
            throw new UncheckedIOException("dataset " + dataset.hash() + " cannot be kept: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("dataset " + dataset.hash() + " cannot be kept: " + e.getMessage(), e);
        } finally {
            deleteQuietly(half);
        }
    }

    /** Erasures of what the dataset holds: it was read before they were carried out. */
    private static List<Erasure> erasedSince(List<Erasure> erasures, Dataset dataset) {
        if (erasures.isEmpty()) {
            return List.of();
        }
        var firstOfKey = new HashMap<String, Long>();
        dataset.rows().forEach(row -> firstOfKey.merge(row.key(), row.eventMicros(), Math::min));
        return erasures.stream()
                .filter(erasure ->
                        firstOfKey.getOrDefault(erasure.id().key(), Long.MAX_VALUE) <= erasure.throughMicros())
                .toList();
    }

    private void write(String system, String entity, Dataset dataset, Path file) throws SQLException {
        List<FeatureRead> features = features(dataset.schema());
        try (DuckDBConnection connection = memory.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE dataset (" + definitions(features) + ")");
            try (DuckDBAppender appender = connection.createAppender("dataset")) {
                for (DatasetRow row : dataset.rows()) {
                    append(appender, row, features);
                }
            }
            DuckDbDatasetCopies.write(statement, "dataset", system, entity, file);
        }
    }

    private static List<FeatureRead> features(DatasetSchema schema) {
        var features = new ArrayList<FeatureRead>();
        features.add(schema.label());
        features.addAll(schema.reads());
        return features;
    }

    private static String definitions(List<FeatureRead> features) {
        var definitions = new StringBuilder("key VARCHAR, event_time TIMESTAMPTZ");
        List<String> columns =
                Cells.columns(features.stream().map(FeatureRead::name).toList(), FIXED);
        for (int index = 0; index < columns.size(); index++) {
            definitions
                    .append(", ")
                    .append(SqlQuotes.identifier(columns.get(index)))
                    .append(' ')
                    .append(Cells.sqlType(features.get(index).type()));
        }
        return definitions.toString();
    }

    private static void append(DuckDBAppender appender, DatasetRow row, List<FeatureRead> features)
            throws SQLException {
        appender.beginRow().append(row.key()).appendEpochMicros(Cells.finite(row.eventMicros()));
        Cells.append(appender, row.label(), features.getFirst().type());
        for (int index = 1; index < features.size(); index++) {
            Cells.append(
                    appender, row.values().get(index - 1), features.get(index).type());
        }
        appender.endRow();
    }

    /** What was moved is no longer there; what was not is of no use. */
    private static void deleteQuietly(Path half) {
        try {
            Files.deleteIfExists(half);
        } catch (IOException stays) {
            // A file that nobody reads; its name says so.
            half.toFile().deleteOnExit();
        }
    }
}

package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.RowCopies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rows in the datasets that were kept. A dataset's name is the hash of all its rows, so what is left of one after an
 * erasure is kept under another: {@code <hash>.erased.parquet}.
 */
public final class DuckDbDatasetCopies implements RowCopies {

    private static final String KEPT = ".parquet";
    private static final String REST = ".erased.parquet";
    private static final String HALF_WRITTEN = ".half";

    private final Path folder;
    private final DuckDbMemory memory;

    /** @param folder of the datasets */
    public DuckDbDatasetCopies(Path folder, DuckDbMemory memory) {
        this.folder = folder;
        this.memory = memory;
    }

    /** @param table or query in brackets */
    static void write(Statement statement, String table, String system, String entity, Path file) throws SQLException {
        statement.execute("COPY " + table + " TO " + SqlQuotes.literal(file.toString())
                + " (FORMAT parquet, COMPRESSION zstd, KV_METADATA {system: " + SqlQuotes.literal(system)
                + ", entity: " + SqlQuotes.literal(entity) + "})");
    }

    @Override
    public void erase(List<Erasure> erasures) {
        if (erasures.isEmpty() || !Files.isDirectory(folder)) {
            return;
        }
        try (var connection = memory.open();
                var statement = connection.createStatement()) {
            for (Path dataset : datasets()) {
                erase(statement, dataset, erasures);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("datasets cannot be erased from in " + folder + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("datasets cannot be erased from in " + folder + ": " + e.getMessage(), e);
        }
    }

    private List<Path> datasets() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(KEPT)).sorted().toList();
        }
    }

    private void erase(Statement statement, Path dataset, List<Erasure> erasures) throws SQLException, IOException {
        Source source = source(statement, dataset);
        List<Erasure> meant = erasures.stream().filter(source::mayHold).toList();
        if (meant.isEmpty()) {
            return;
        }
        String rows = "read_parquet(" + SqlQuotes.literal(dataset.toString()) + ")";
        String erased = meant.stream()
                .map(erasure -> "(key = " + SqlQuotes.literal(erasure.id().key()) + " AND epoch_us(event_time) <= "
                        + erasure.throughMicros() + ")")
                .collect(Collectors.joining(" OR "));
        if (count(statement, rows + " WHERE " + erased) == 0) {
            return;
        }
        if (count(statement, rows + " WHERE NOT (" + erased + ")") > 0) {
            Path rest = rest(dataset);
            Path half = rest.resolveSibling(rest.getFileName() + HALF_WRITTEN);
            write(statement, "(FROM " + rows + " WHERE NOT (" + erased + "))", source.system(), source.entity(), half);
            DurableFiles.rename(half, rest);
            if (rest.equals(dataset)) {
                return;
            }
        }
        Files.delete(dataset);
        DurableFiles.syncFolder(folder);
    }

    private static Path rest(Path dataset) {
        String name = dataset.getFileName().toString();
        return name.endsWith(REST)
                ? dataset
                : dataset.resolveSibling(name.substring(0, name.length() - KEPT.length()) + REST);
    }

    private static long count(Statement statement, String from) throws SQLException {
        try (var rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /**
     * Whose rows a dataset holds.
     *
     * @param system empty where the dataset is from before there was erasure, and does not tell
     */
    private record Source(String system, String entity) {

        /** To be safe, a dataset that does not tell may hold rows of any entity. */
        boolean mayHold(Erasure erasure) {
            return system.isEmpty()
                    || system.equals(erasure.id().system())
                            && entity.equals(erasure.id().entity());
        }
    }

    private static Source source(Statement statement, Path dataset) throws SQLException {
        String system = "";
        String entity = "";
        try (var rows = statement.executeQuery("SELECT decode(key), decode(value) FROM parquet_kv_metadata("
                + SqlQuotes.literal(dataset.toString()) + ")")) {
            while (rows.next()) {
                switch (rows.getString(1)) {
                    case "system" -> system = rows.getString(2);
                    case "entity" -> entity = rows.getString(2);
                    default -> {
                        // DuckDB's own.
                    }
                }
            }
        }
        return new Source(system, entity);
    }
}

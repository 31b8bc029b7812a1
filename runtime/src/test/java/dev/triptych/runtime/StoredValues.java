package dev.triptych.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Everything that a node has stored, looked through for a value by nothing but SQL and the bytes of files. */
final class StoredValues {

    private static final HexFormat HEX = HexFormat.of();

    private final NodeSettings.Database database;
    private final Path data;

    StoredValues(NodeSettings.Database database, Path data) {
        this.database = database;
        this.data = data;
    }

    /** Names of tables, PostgreSQL's own among them, and of folders of the data directory that hold a value. */
    Set<String> holding(String value) throws SQLException {
        var holding = new TreeSet<String>();
        try (Connection connection = connect()) {
            for (String table : tables(connection)) {
                if (isIn(connection, table, value)) {
                    holding.add(table.substring(table.indexOf('.') + 1));
                }
            }
        }
        for (Path file : files(data)) {
            Path place = data.relativize(file);
            if (!place.startsWith("postgres") && (parquetHolds(file, value) || bytesHold(file, value))) {
                holding.add(place.getName(0).toString());
            }
        }
        return holding;
    }

    /** How many rows the journal has of which this holds. */
    long journalRows(String condition) throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM event_journal WHERE " + condition)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Rewrites every table, so that nothing is left in it of rows that were. */
    void vacuum() throws SQLException {
        try (Connection connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("VACUUM FULL");
            statement.execute("CHECKPOINT");
        }
    }

    /** PostgreSQL's files that hold a value's bytes, but for its write-ahead log. Artifacts are stored as they are. */
    List<Path> postgresFilesHolding(String value) throws SQLException {
        var artifacts = new ArrayList<Path>();
        try (Connection connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT pg_relation_filepath(reltoastrelid),"
                        + " pg_relation_filepath(oid) FROM pg_class WHERE relname = 'artifact'")) {
            row.next();
            artifacts.add(Path.of(row.getString(1)));
            artifacts.add(Path.of(row.getString(2)));
        }
        return files(data.resolve("postgres")).stream()
                .filter(file -> !file.toString().contains("pg_wal")
                        && artifacts.stream().noneMatch(file::endsWith))
                .filter(file -> bytesHold(file, value))
                .toList();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    private static List<String> tables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT format('%I.%I', nspname, relname) FROM pg_class"
                        + " JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'm')")) {
            var tables = new ArrayList<String>();
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
            return tables;
        }
    }

    /** A row as text shows texts as they are, numbers in decimal, and bytes in hex. */
    private static boolean isIn(Connection connection, String table, String value) throws SQLException {
        try (var statement = connection.prepareStatement(
                "SELECT EXISTS (SELECT FROM " + table
                        + " t WHERE t::text LIKE '%' || ? || '%' OR t::text LIKE '%' || ? || '%' OR t::text LIKE '%' || ? || '%')")) {
            statement.setString(1, value);
            statement.setString(2, HEX.formatHex(value.getBytes(StandardCharsets.UTF_8)));
            statement.setString(3, number(value).map(HEX::formatHex).orElse(value));
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** As CBOR has it: big-endian. */
    private static Optional<byte[]> number(String value) {
        try {
            return Optional.of(ByteBuffer.allocate(Double.BYTES)
                    .putDouble(Double.parseDouble(value))
                    .array());
        } catch (NumberFormatException text) {
            return Optional.empty();
        }
    }

    private static boolean parquetHolds(Path file, String value) {
        if (!file.toString().endsWith(".parquet")) {
            return false;
        }
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM (SELECT t::VARCHAR AS line FROM read_parquet('"
                        + file + "') t) WHERE contains(line, '" + value + "')")) {
            row.next();
            return row.getLong(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException(file + ": " + e.getMessage(), e);
        }
    }

    private static boolean bytesHold(Path file, String value) {
        try {
            // One character a byte.
            String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return content.contains(value)
                    || number(value)
                            .filter(bytes -> content.contains(new String(bytes, StandardCharsets.ISO_8859_1)))
                            .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

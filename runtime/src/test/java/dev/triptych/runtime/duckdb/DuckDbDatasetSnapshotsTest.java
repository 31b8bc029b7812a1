package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetRow;
import dev.triptych.training.domain.DatasetSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbDatasetSnapshotsTest {

    private static final Dataset DATASET = new Dataset(
            new DatasetSchema(
                    read("label", FeatureType.BOOL),
                    List.of(read("Age", FeatureType.FLOAT64), read("age", FeatureType.STRING)),
                    2,
                    OptionalInt.empty()),
            List.of(
                    new DatasetRow(
                            "k1", 1_500_000, new Value.Bool(true), List.of(new Value.Float64(0.5), Value.Null.NULL)),
                    new DatasetRow(
                            "k2", -1, new Value.Bool(false), List.of(new Value.Int64(3), new Value.Text("old")))),
            0,
            "abc");

    @TempDir
    Path folder;

    @Test
    void keepsADatasetForAnyToolToReadUnderItsHash() throws SQLException {
        snapshots().keep(DATASET);

        assertThat(query("SELECT string_agg(key || '|' || epoch_us(event_time) || '|' || \"v.label\" || '|'"
                        + " || \"v.Age\" || '|' || coalesce(\"v.age_2\", 'null'), ';' ORDER BY key) FROM "))
                .isEqualTo("k1|1500000|true|0.5|null;k2|-1|false|3.0|old");
    }

    @Test
    void leavesADatasetAloneThatIsKeptAlready() throws IOException {
        Files.createDirectories(folder.resolve("datasets"));
        Path kept = Files.writeString(folder.resolve("datasets").resolve("abc.parquet"), "kept");

        snapshots().keep(DATASET);

        assertThat(kept).hasContent("kept");
    }

    @Test
    void leavesNothingElseBehind() throws IOException {
        snapshots().keep(DATASET);

        try (var files = Files.list(folder.resolve("datasets"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("abc.parquet");
        }
    }

    private DuckDbDatasetSnapshots snapshots() {
        return new DuckDbDatasetSnapshots(folder.resolve("datasets"), new DuckDbMemory(64, 1, folder.resolve("spill")));
    }

    private String query(String select) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var result = statement.executeQuery(
                        select + "'" + folder.resolve("datasets").resolve("abc.parquet") + "'")) {
            result.next();
            return result.getString(1);
        }
    }

    private static FeatureRead read(String feature, FeatureType type) {
        return new FeatureRead("v", feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }
}

package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.features.Erasure;
import dev.triptych.store.features.domain.EntityId;
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
        snapshots(List.of()).keep("s", "e", DATASET);

        assertThat(query("SELECT string_agg(key || '|' || epoch_us(event_time) || '|' || \"v.label\" || '|'"
                        + " || \"v.Age\" || '|' || coalesce(\"v.age_2\", 'null'), ';' ORDER BY key) FROM "))
                .isEqualTo("k1|1500000|true|0.5|null;k2|-1|false|3.0|old");
    }

    @Test
    void leavesADatasetAloneThatIsKeptAlready() throws IOException {
        Files.createDirectories(folder.resolve("datasets"));
        Path kept = Files.writeString(folder.resolve("datasets").resolve("abc.parquet"), "kept");

        snapshots(List.of()).keep("s", "e", DATASET);

        assertThat(kept).hasContent("kept");
    }

    @Test
    void leavesNothingElseBehind() throws IOException {
        snapshots(List.of()).keep("s", "e", DATASET);

        try (var files = Files.list(folder.resolve("datasets"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("abc.parquet");
        }
    }

    @Test
    void losesTheRowsOfAnErasedKeyAndWithThemItsName() throws IOException, SQLException {
        snapshots(List.of()).keep("s", "e", DATASET);

        copies().erase(List.of(erasure("other", "e", "k2"), erasure("s", "e", "k3")));
        assertThat(names()).containsExactly("abc.parquet");
        copies().erase(List.of(erasure("s", "e", "k2")));
        copies().erase(List.of(erasure("s", "e", "k2")));

        assertThat(names()).containsExactly("abc.erased.parquet");
        assertThat(query("SELECT string_agg(key) FROM ", "abc.erased.parquet")).isEqualTo("k1");
        copies().erase(List.of(erasure("s", "e", "k1")));
        assertThat(names()).isEmpty();
    }

    /** What it was read from was erased while it was on its way. */
    @Test
    void keepsNoRowsThatWereErasedMeanwhile() throws IOException, SQLException {
        snapshots(List.of(erasure("s", "e", "k2"))).keep("s", "e", DATASET);

        assertThat(names()).containsExactly("abc.erased.parquet");
        assertThat(query("SELECT string_agg(key) FROM ", "abc.erased.parquet")).isEqualTo("k1");
    }

    /** Its files did not tell whose keys they hold. */
    @Test
    void losesAnErasedKeyAlsoFromADatasetOfAnEarlierRelease() throws IOException, SQLException {
        snapshots(List.of()).keep("s", "e", DATASET);
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("COPY (FROM '" + folder.resolve("datasets/abc.parquet") + "') TO '"
                    + folder.resolve("datasets/old.parquet") + "' (FORMAT parquet)");
        }
        Files.delete(folder.resolve("datasets/abc.parquet"));

        copies().erase(List.of(erasure("s", "e", "k2")));

        assertThat(query("SELECT string_agg(key) FROM ", "old.erased.parquet")).isEqualTo("k1");
        assertThat(names()).containsExactly("old.erased.parquet");
    }

    private static Erasure erasure(String system, String entity, String key) {
        return new Erasure(new EntityId(system, entity, key), 9, 2_000_000);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder.resolve("datasets"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private DuckDbDatasetCopies copies() {
        return new DuckDbDatasetCopies(folder.resolve("datasets"), memory());
    }

    private DuckDbMemory memory() {
        return new DuckDbMemory(64, 1, folder.resolve("spill"));
    }

    private DuckDbDatasetSnapshots snapshots(List<Erasure> erasures) {
        return new DuckDbDatasetSnapshots(folder.resolve("datasets"), memory(), (system, entity) -> erasures);
    }

    private String query(String select) throws SQLException {
        return query(select, "abc.parquet");
    }

    private String query(String select, String file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var result = statement.executeQuery(
                        select + "'" + folder.resolve("datasets").resolve(file) + "'")) {
            result.next();
            return result.getString(1);
        }
    }

    private static FeatureRead read(String feature, FeatureType type) {
        return new FeatureRead("v", feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }
}

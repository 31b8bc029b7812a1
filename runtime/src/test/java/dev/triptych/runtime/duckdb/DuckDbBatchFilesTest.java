package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbBatchFilesTest {

    private static final BatchRun RUN = new BatchRun("2026-01-01T00:00:00Z", "titanic", "nightly");

    @TempDir
    Path folder;

    private DuckDbBatchFiles files;

    @BeforeEach
    void open() {
        files = new DuckDbBatchFiles(folder.resolve("predictions"), new DuckDbMemory(128, 1, folder.resolve("spill")));
    }

    @Test
    void writesScoresByTheirOutcomes() throws SQLException {
        var written = files.write(
                RUN,
                List.of("it's false", "true"),
                List.of(result("b", 0.1, 0.2 + 0.1), result("a", -0.0, 1)).iterator());

        assertThat(written.predictions()).isEqualTo(2);
        assertThat(query("SELECT key, prediction_id, version, output, epoch_us(as_of), epoch_us(predicted), "
                        + "scores['it''s false'], scores['true'] FROM '" + folder.resolve(written.name()) + "'"))
                .containsExactly(
                        List.of("a", "id-of-a", 3, "true", 1_000_001L, 2_000_002L, -0.0, 1.0),
                        List.of("b", "id-of-b", 3, "true", 1_000_001L, 2_000_002L, 0.1, 0.2 + 0.1));
    }

    @Test
    void leavesTheFormerFileWhereTheResultsBreakOff() throws IOException, SQLException {
        var before = files.write(RUN, List.of("x"), List.of(result("a", 0.5)).iterator());
        Iterator<BatchPrediction> broken = new Iterator<>() {
            private int left = 1;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public BatchPrediction next() {
                if (left-- == 0) {
                    throw new IllegalStateException("the database is away");
                }
                return result("z", 0.5);
            }
        };

        assertThatThrownBy(() -> files.write(RUN, List.of("x"), broken)).hasMessageContaining("away");

        assertThat(query("SELECT key FROM '" + folder.resolve(before.name()) + "'"))
                .containsExactly(List.of("a"));
        try (Stream<Path> all = Files.walk(folder.resolve("predictions"))) {
            assertThat(all.filter(Files::isRegularFile)).hasSize(1);
        }
    }

    @Test
    void replacesTheFileOfARunThatIsRepeatedAndWritesAnEmptyOne() throws SQLException {
        files.write(RUN, List.of("x"), List.of(result("a", 0.5)).iterator());

        var again = files.write(RUN, List.of("x"), List.<BatchPrediction>of().iterator());

        assertThat(query("SELECT key FROM '" + folder.resolve(again.name()) + "'"))
                .isEmpty();
    }

    private List<List<Object>> query(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var all = new ArrayList<List<Object>>();
            while (rows.next()) {
                var row = new ArrayList<Object>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(rows.getObject(column));
                }
                all.add(row);
            }
            return all;
        }
    }

    private static BatchPrediction result(String key, double... scores) {
        var boxed = new ArrayList<Double>();
        for (double score : scores) {
            boxed.add(score);
        }
        return new BatchPrediction(key, "id-of-" + key, 3, "true", boxed, 1_000_001, 2_000_002);
    }
}

package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.inference.BatchResults;
import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PostgresBatchResultsTest {

    private static final ScratchPostgres POSTGRES = ScratchPostgres.create();

    private final BatchResults results = new PostgresBatchResults(POSTGRES.dataSource(), Runnable::run);

    @AfterAll
    static void stop() {
        POSTGRES.close();
    }

    @Test
    void readsBackWhatItStoredBitForBitInTheOrderOfTheKeysBytes() {
        var run = new BatchRun("r1", "titanic", "nightly");
        var umlaut = result("ä", List.of(-0.0, 0.1 + 0.2));
        var upper = result("Z", List.of(Double.MIN_VALUE, Double.MAX_VALUE));
        var lower = result("a'b", List.of(Double.NaN, 1.0));

        await(results.record(run, List.of(umlaut, lower, upper)));

        assertThat(all("r1")).containsExactly(upper, lower, umlaut);
    }

    @Test
    void keepsTheFirstResultOfAKey() {
        var run = new BatchRun("r2", "titanic", "nightly");
        var first = result("k", List.of(0.25, 0.75));
        await(results.record(run, List.of(first)));

        await(results.record(run, List.of(result("k", List.of(0.5, 0.5)), result("l", List.of(0.5, 0.5)))));

        assertThat(all("r2")).hasSize(2).first().isEqualTo(first);
    }

    @Test
    void knowsWhatARunHasAndWithWhichVersion() {
        await(results.record(new BatchRun("r3", "titanic", "nightly"), List.of(result("a", List.of(1.0)))));
        await(results.record(new BatchRun("r4", "titanic", "nightly"), List.of(result("b", List.of(1.0)))));

        assertThat(await(results.recorded("r3", List.of("a", "b")))).containsExactly("a");
        assertThat(await(results.version("r3"))).contains(3);
        assertThat(await(results.version("r5"))).isEmpty();
        assertThat(await(results.recorded("r5", List.of("a")))).isEmpty();
    }

    @Test
    void readsMoreThanItFetchesAtOnce() {
        var run = new BatchRun("r6", "titanic", "nightly");
        List<BatchPrediction> many = IntStream.range(0, 12_000)
                .mapToObj(i -> result("k%05d".formatted(i), List.of(i / 3.0)))
                .toList();

        await(results.record(run, many));

        assertThat(all("r6")).isEqualTo(many);
    }

    @Test
    void canBeQueriedByAnyone() throws SQLException {
        await(results.record(new BatchRun("r7", "titanic", "hourly"), List.of(result("q", List.of(0.25, 0.75)))));

        try (var connection = POSTGRES.dataSource().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT key, output, scores[2] FROM batch_prediction WHERE pipeline = 'hourly'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("q");
            assertThat(rows.getString(2)).isEqualTo("true");
            assertThat(rows.getDouble(3)).isEqualTo(0.75);
        }
    }

    private List<BatchPrediction> all(String runId) {
        var all = new ArrayList<BatchPrediction>();
        try (var rows = results.read(runId)) {
            rows.forEachRemaining(all::add);
        }
        return all;
    }

    private static BatchPrediction result(String key, List<Double> scores) {
        return new BatchPrediction(key, "id-of-" + key, 3, "true", scores, 1_000_001, 2_000_002);
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

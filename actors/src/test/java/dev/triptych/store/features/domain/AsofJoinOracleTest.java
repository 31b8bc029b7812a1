package dev.triptych.store.features.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;

/**
 * Point-in-time reads over thousands of random rows (late, repeated, of equal times, of the future, null) against
 * DuckDB's own ASOF JOIN, which shares no line with the fold.
 */
class AsofJoinOracleTest {

    private static final long SEED = 20_260_601;
    private static final int KEYS = 80;
    private static final int TIMES = 200;

    /** Of rows with one event time only the last arrived counts; the join does the rest. */
    private static final String ORACLE = """
            WITH latest AS (
              SELECT * FROM history
              QUALIFY row_number() OVER (PARTITION BY key, event_time ORDER BY arrival DESC) = 1)
            SELECT coalesce(
                     CASE WHEN latest.x IS NULL AND latest.event_time IS NOT NULL THEN 'NULL_VALUE'
                          WHEN latest.event_time < spine.as_of - spine.ttl THEN 'OUTSIDE_MAX_AGE'
                          WHEN latest.event_time IS NOT NULL THEN 'PRESENT' END, 'NOT_FOUND') AS status,
                   latest.event_time, latest.x
            FROM spine ASOF LEFT JOIN latest
              ON spine.key = latest.key AND spine.as_of %s latest.event_time
            ORDER BY spine.id""";

    private record Spine(int key, long asOf, long ttl) {}

    private final Random random = new Random(SEED);
    private final List<List<FeatureEvent>> histories = histories();
    private final List<Spine> spine = spine();

    @Test
    void agreesWithTheJoinWhereTheInstantIsInclusive() throws SQLException {
        assertThat(folded(Retention.all(), FeatureRead.Boundary.INCLUSIVE)).isEqualTo(joined(">="));
    }

    @Test
    void agreesWithTheJoinWhereTheInstantIsExclusive() throws SQLException {
        assertThat(folded(Retention.all(), FeatureRead.Boundary.EXCLUSIVE)).isEqualTo(joined(">"));
    }

    @Test
    void aLiveStateAgreesWithTheJoinWhereverItCovers() throws SQLException {
        List<String> live = folded(Retention.newest(8), FeatureRead.Boundary.INCLUSIVE);
        List<String> oracle = joined(">=");

        int covered = 0;
        for (int i = 0; i < oracle.size(); i++) {
            if (!live.get(i).equals("not covered")) {
                assertThat(live.get(i)).as("%s", spine.get(i)).isEqualTo(oracle.get(i));
                covered++;
            }
        }
        assertThat(covered).isBetween(oracle.size() / 10, oracle.size() * 9 / 10);
    }

    private List<List<FeatureEvent>> histories() {
        var histories = new ArrayList<List<FeatureEvent>>();
        for (int key = 0; key < KEYS; key++) {
            var events = new ArrayList<FeatureEvent>();
            int eventCount = random.nextInt(30);
            for (int i = 0; i < eventCount; i++) {
                var rows = new ArrayList<FeatureRow>();
                int rowCount = 1 + random.nextInt(4);
                for (int row = 0; row < rowCount; row++) {
                    Value x = random.nextInt(8) == 0 ? Value.Null.NULL : new Value.Float64(random.nextGaussian());
                    rows.add(new FeatureRow(random.nextInt(TIMES), List.of(x)));
                }
                // Ingest lies in the middle of the event times: some rows are late, some are of the future.
                events.add(new FeatureEvent.RowsWritten("v", List.of("x"), "f", rows, TIMES / 2 + i, Optional.empty()));
            }
            histories.add(events);
        }
        return histories;
    }

    private List<Spine> spine() {
        var spine = new ArrayList<Spine>();
        for (int i = 0; i < 4_000; i++) {
            spine.add(new Spine(random.nextInt(KEYS), random.nextInt(TIMES + 20) - 10, random.nextInt(30)));
        }
        return spine;
    }

    private List<String> folded(Retention retention, FeatureRead.Boundary boundary) {
        List<FeatureState> states = histories.stream()
                .map(events -> {
                    FeatureState state = FeatureState.empty(retention);
                    for (FeatureEvent event : events) {
                        state = state.apply(event);
                    }
                    return state;
                })
                .toList();
        return spine.stream()
                .map(point -> {
                    FeatureState state = states.get(point.key());
                    var reads =
                            List.of(new FeatureRead("v", "x", FeatureType.FLOAT64, Optional.of(point.ttl()), boundary));
                    return state.covers(reads, point.asOf())
                            ? shown(state.read(reads, point.asOf()).values().getFirst())
                            : "not covered";
                })
                .toList();
    }

    private static String shown(FeatureValue value) {
        return value.status() + " " + value.eventMicros().orElse(null) + " "
                + value.value().raw();
    }

    private List<String> joined(String comparison) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE history (key BIGINT, event_time BIGINT, arrival BIGINT, x DOUBLE)");
            statement.execute("CREATE TABLE spine (id BIGINT, key BIGINT, as_of BIGINT, ttl BIGINT)");
            load(connection.unwrap(DuckDBConnection.class));
            var results = new ArrayList<String>();
            try (var rows = statement.executeQuery(ORACLE.formatted(comparison))) {
                while (rows.next()) {
                    results.add(rows.getString(1) + " " + rows.getObject(2) + " " + rows.getObject(3));
                }
            }
            return results;
        }
    }

    private void load(DuckDBConnection connection) throws SQLException {
        try (var history = connection.createAppender("history");
                var points = connection.createAppender("spine")) {
            long arrival = 0;
            for (int key = 0; key < KEYS; key++) {
                for (FeatureEvent event : histories.get(key)) {
                    for (FeatureRow row : ((FeatureEvent.RowsWritten) event).rows()) {
                        history.beginRow()
                                .append((long) key)
                                .append(row.eventMicros())
                                .append(arrival++);
                        if (row.values().getFirst() instanceof Value.Float64(double x)) {
                            history.append(x);
                        } else {
                            history.appendNull();
                        }
                        history.endRow();
                    }
                }
            }
            for (int i = 0; i < spine.size(); i++) {
                Spine point = spine.get(i);
                points.beginRow()
                        .append((long) i)
                        .append((long) point.key())
                        .append(point.asOf())
                        .append(point.ttl())
                        .endRow();
            }
        }
    }
}

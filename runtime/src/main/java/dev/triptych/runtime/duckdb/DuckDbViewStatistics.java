package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentCatalog;
import dev.triptych.store.features.ViewStatistics;
import dev.triptych.store.features.domain.FeatureRead;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Statistics by SQL over the segments, each query over the one column it is about. Segments never change, so that what is
 * known of a set of them is kept for who asks again. Thread-safe.
 */
public final class DuckDbViewStatistics implements ViewStatistics {

    /** Beyond it, sums and squares could be more than a double holds, so that numbers are made smaller first. */
    private static final double SUMMED_MAX = 1e100;

    private static final int KEPT_MAX = 200;

    private record Question(List<FeatureRead> features, Span span, List<Segment> segments) {}

    private final Map<Question, Summary> kept = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Question, Summary> eldest) {
            return size() > KEPT_MAX;
        }
    });
    private final SegmentCatalog catalog;
    private final Path root;
    private final DuckDbMemory memory;

    /**
     * @param root the offline store's folder
     * @param memory of each call
     */
    public DuckDbViewStatistics(SegmentCatalog catalog, Path root, DuckDbMemory memory) {
        this.catalog = catalog;
        this.root = root;
        this.memory = memory;
    }

    @Override
    public Summary of(String system, String entity, List<FeatureRead> features, Span span, Horizon horizon) {
        String view = features.getFirst().view();
        var segments = catalog.segments(system, entity, List.of(view), horizon);
        if (segments.stream().anyMatch(segment -> segment.last().compareTo(horizon) > 0)) {
            return computed(system, features, span, segments, horizon);
        }
        var question = new Question(features, span, List.copyOf(segments));
        Summary known = kept.get(question);
        if (known == null) {
            known = computed(system, features, span, segments, horizon);
            kept.put(question, known);
        }
        return known;
    }

    private Summary computed(
            String system, List<FeatureRead> features, Span span, List<Segment> segments, Horizon horizon) {
        try (DuckDBConnection database = memory.open()) {
            execute(database, ViewRowsSql.of(segments, root, features, span, horizon));
            return summary(database, features);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "statistics of " + system + "/" + features.getFirst().view() + " cannot be computed: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Summary summary(DuckDBConnection database, List<FeatureRead> features) throws SQLException {
        var summaries = new ArrayList<FeatureSummary>();
        for (int i = 0; i < features.size(); i++) {
            summaries.add(feature(database, features.get(i), ViewRowsSql.column(i)));
        }
        try (var statement = database.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*), count(DISTINCT key), max(event_micros), max(ingest_micros) FROM view_rows")) {
            row.next();
            return new Summary(row.getLong(1), row.getLong(2), micros(row, 3), micros(row, 4), summaries);
        }
    }

    private static FeatureSummary feature(DuckDBConnection database, FeatureRead feature, String column)
            throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery("SELECT count(" + column + "), approx_count_distinct(" + column
                        + "), max(event_micros) FILTER (WHERE " + column + " IS NOT NULL) FROM view_rows")) {
            row.next();
            long count = row.getLong(1);
            Values values = count == 0
                    ? new NoValues()
                    : switch (feature.type()) {
                        case INT64, FLOAT64 -> numbers(database, column, count);
                        case STRING, BOOL -> categories(database, column);
                        case TIMESTAMP -> times(database, column);
                    };
            return new FeatureSummary(feature, count, Math.min(row.getLong(2), count), micros(row, 3), values);
        }
    }

    private static Numbers numbers(DuckDBConnection database, String column, long count) throws SQLException {
        double min;
        double max;
        try (var statement = database.createStatement();
                var row = statement.executeQuery(
                        "SELECT min(" + column + ")::DOUBLE, max(" + column + ")::DOUBLE FROM view_rows")) {
            row.next();
            min = row.getDouble(1);
            max = row.getDouble(2);
        }
        double largest = Math.max(Math.abs(min), Math.abs(max));
        double scale = largest > SUMMED_MAX ? largest : 1;
        String scaled = "(" + column + "::DOUBLE / " + scale + "::DOUBLE)";
        String quantiles = (count > EXACT_ROWS_MAX ? "approx_quantile(" : "quantile_cont(") + scaled + ", ["
                + QUANTILES.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "])";
        try (var statement = database.createStatement();
                var row = statement.executeQuery(
                        "SELECT avg(" + scaled + "), stddev_pop(" + scaled + "), " + quantiles + " FROM view_rows")) {
            row.next();
            var at = new ArrayList<Double>();
            for (Object value : (Object[]) row.getArray(3).getArray()) {
                at.add(((Number) value).doubleValue() * scale);
            }
            return new Numbers(
                    min,
                    row.getDouble(1) * scale,
                    max,
                    row.getDouble(2) * scale,
                    at,
                    histogram(database, column, min, max));
        }
    }

    private static List<Long> histogram(DuckDBConnection database, String column, double min, double max)
            throws SQLException {
        var counts = new ArrayList<Long>();
        if (min == max) {
            counts.add(0L);
        } else {
            for (int bin = 0; bin < BINS; bin++) {
                counts.add(0L);
            }
        }
        // Halves, as the range may be more than a double holds.
        String position = min == max
                ? "0"
                : "least(" + (BINS - 1) + ", floor((" + column + "::DOUBLE / 2 - " + min / 2 + "::DOUBLE) / "
                        + (max / 2 - min / 2) + "::DOUBLE * " + BINS + "))::INTEGER";
        try (var statement = database.createStatement();
                var rows = statement.executeQuery("SELECT " + position + ", count(*) FROM view_rows WHERE " + column
                        + " IS NOT NULL GROUP BY 1")) {
            while (rows.next()) {
                counts.set(Math.max(rows.getInt(1), 0), rows.getLong(2));
            }
        }
        return counts;
    }

    private static Categories categories(DuckDBConnection database, String column) throws SQLException {
        var top = new ArrayList<Category>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery("SELECT " + column + "::VARCHAR, count(*) FROM view_rows WHERE "
                        + column + " IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT " + CATEGORIES_MAX)) {
            while (rows.next()) {
                top.add(new Category(rows.getString(1), rows.getLong(2)));
            }
        }
        return new Categories(top);
    }

    private static Times times(DuckDBConnection database, String column) throws SQLException {
        try (var statement = database.createStatement();
                var row = statement.executeQuery("SELECT min(" + column + "), max(" + column + ") FROM view_rows")) {
            row.next();
            return new Times(row.getLong(1), row.getLong(2));
        }
    }

    private static Optional<Long> micros(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(micros);
    }

    private static void execute(DuckDBConnection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(sql);
        }
    }
}

package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.Segment;
import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.ViewStatistics.Span;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A view {@code view_rows} over segments of several schemas: {@code key, event_micros, ingest_micros} and a column a
 * feature, named by its place and not by its name, which may be anything. Where a schema lacks a feature, or has it with
 * another type, the column is null, and so is a number that is not finite.
 */
final class ViewRowsSql {

    private ViewRowsSql() {}

    static String column(int feature) {
        return "f" + feature;
    }

    static String of(List<Segment> segments, Path root, List<FeatureRead> features, Span span, Horizon horizon) {
        Map<SegmentSchema, List<Segment>> bySchema = new LinkedHashMap<>();
        segments.forEach(segment -> bySchema.computeIfAbsent(segment.schema(), unseen -> new ArrayList<>())
                .add(segment));
        var selects = new ArrayList<String>();
        bySchema.forEach((schema, of) -> selects.add(select(schema, of, root, features, span, horizon)));
        if (selects.isEmpty()) {
            selects.add(nothing(features));
        }
        return "CREATE VIEW view_rows AS " + String.join(" UNION ALL ", selects);
    }

    private static String select(
            SegmentSchema schema,
            List<Segment> segments,
            Path root,
            List<FeatureRead> features,
            Span span,
            Horizon horizon) {
        var columns = new ArrayList<>(
                List.of("key", "epoch_us(event_time) AS event_micros", "epoch_us(ingest_time) AS ingest_micros"));
        List<String> reads = SegmentColumns.featureReads(schema);
        for (int i = 0; i < features.size(); i++) {
            columns.add(read(features.get(i), schema, reads) + " AS " + column(i));
        }
        String paths = segments.stream()
                .map(segment -> SqlQuotes.literal(root.resolve(segment.path()).toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        return "SELECT " + String.join(", ", columns) + " FROM read_parquet(" + paths + ") WHERE "
                + SegmentRead.upTo(horizon)
                + span.sinceMicros()
                        .map(micros -> " AND epoch_us(event_time) >= " + micros)
                        .orElse("")
                + span.untilMicros()
                        .map(micros -> " AND epoch_us(event_time) < " + micros)
                        .orElse("");
    }

    private static String read(FeatureRead feature, SegmentSchema schema, List<String> reads) {
        int place = schema.names().indexOf(feature.feature());
        if (place < 0 || FeatureType.ofCode(schema.types().charAt(place)) != feature.type()) {
            return missing(feature);
        }
        String read = reads.get(place);
        return feature.type() == FeatureType.FLOAT64 ? "CASE WHEN isfinite(" + read + ") THEN " + read + " END" : read;
    }

    private static String nothing(List<FeatureRead> features) {
        var columns = new ArrayList<>(
                List.of("NULL::VARCHAR AS key", "NULL::BIGINT AS event_micros", "NULL::BIGINT AS ingest_micros"));
        for (int i = 0; i < features.size(); i++) {
            columns.add(missing(features.get(i)) + " AS " + column(i));
        }
        return "SELECT " + String.join(", ", columns) + " WHERE false";
    }

    private static String missing(FeatureRead feature) {
        return "NULL::" + (feature.type() == FeatureType.TIMESTAMP ? "BIGINT" : DuckDbTypes.of(feature.type()));
    }
}

package dev.triptych.bench;

import dev.triptych.feature.Generator;
import dev.triptych.store.features.domain.FeatureType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Rows of ten numbers for the bulk benchmark; {@code rows} in all, spread evenly over {@code keys}, whose names begin
 * with {@code prefix}.
 */
public final class RowGenerator implements Generator {

    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    @Override
    public Batch generate(Request request) {
        long rows = Long.parseLong(request.options().getOrDefault("rows", "1000"));
        long keys = Long.parseLong(request.options().getOrDefault("keys", "100"));
        var columns = new LinkedHashMap<String, FeatureType>();
        columns.put("item", FeatureType.STRING);
        columns.put("event_time", FeatureType.TIMESTAMP);
        BenchNode.NAMES.forEach(name -> columns.put(name, FeatureType.FLOAT64));
        return new Batch(columns, new Rows(rows, keys, request.options().getOrDefault("prefix", "k")), "");
    }

    private static final class Rows implements Iterator<List<@Nullable Object>> {
        private final long rows;
        private final long keys;
        private final String prefix;
        private final SplittableRandom random = new SplittableRandom(1);
        private long next;

        Rows(long rows, long keys, String prefix) {
            this.rows = rows;
            this.keys = keys;
            this.prefix = prefix;
        }

        @Override
        public boolean hasNext() {
            return next < rows;
        }

        @Override
        public List<@Nullable Object> next() {
            var row = new ArrayList<@Nullable Object>();
            row.add(prefix + next % keys);
            row.add(FIRST.plusSeconds(next / keys));
            for (int i = 0; i < BenchNode.NAMES.size(); i++) {
                row.add(random.nextDouble());
            }
            next++;
            return row;
        }
    }
}

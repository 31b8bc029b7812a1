package dev.triptych.store.models.domain.profile;

import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the values of one column, and makes their {@link ColumnProfile}. Holds eight bytes a number, or every category.
 * For one thread.
 */
public sealed interface ColumnTally {

    void add(Value value);

    ColumnProfile profile();

    /** Of numbers and times how they lie on the line; of everything else how often each occurs. */
    static ColumnTally of(FeatureType type) {
        return switch (type) {
            case INT64, FLOAT64, TIMESTAMP -> new OfNumbers();
            case BOOL, STRING -> new OfCategories();
        };
    }

    /** Numbers, and times as microseconds. */
    final class OfNumbers implements ColumnTally {

        /** So many values are listed at most; a profile is then off by less than 0.4 %. */
        static final int POINTS_MAX = 256;

        private double[] numbers = new double[64];
        private int count;
        private long missing;

        @Override
        public void add(Value value) {
            switch (value) {
                case Value.Int64(long number) -> add((double) number);
                case Value.Float64(double number) -> add(number);
                case Value.Null none -> missing++;
                // A type that changed since: what is no number says nothing about numbers.
                case Value.Bool bool -> missing++;
                case Value.Text text -> missing++;
            }
        }

        public void add(double number) {
            if (!Double.isFinite(number)) {
                missing++;
                return;
            }
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            // 0.0 and -0.0 are one value.
            numbers[count++] = number + 0.0;
        }

        @Override
        public ColumnProfile.Numbers profile() {
            double[] sorted = Arrays.copyOf(numbers, count);
            Arrays.sort(sorted);
            var values = new ArrayList<Double>();
            var cumulative = new ArrayList<Long>();
            boolean all = distinct(sorted) <= POINTS_MAX;
            for (int i = 0; i < count; i++) {
                boolean lastOfEquals = i == count - 1 || sorted[i] < sorted[i + 1];
                boolean due = all || i == count - 1 || i + 1 >= nextRank(values.size());
                if (lastOfEquals && due) {
                    values.add(sorted[i]);
                    cumulative.add(i + 1L);
                }
            }
            double mean = count == 0
                    ? 0
                    : Arrays.stream(sorted).map(number -> number / count).sum();
            return new ColumnProfile.Numbers(count + missing, missing, mean, values, cumulative);
        }

        /** The rank that the next listed value must have reached, so that the points lie evenly. */
        private long nextRank(int already) {
            return (long) Math.ceil((double) already * count / (POINTS_MAX - 1));
        }

        private static int distinct(double[] sorted) {
            int distinct = 0;
            for (int i = 0; i < sorted.length; i++) {
                distinct += i == 0 || sorted[i - 1] < sorted[i] ? 1 : 0;
            }
            return distinct;
        }
    }

    /** Texts and bools. */
    final class OfCategories implements ColumnTally {

        /** So many categories are listed at most. */
        static final int LISTED_MAX = 50;

        /** A longer category goes by its beginning. */
        static final int NAME_LENGTH_MAX = 100;

        private final Map<String, Long> counts = new HashMap<>();
        private long rows;
        private long missing;

        @Override
        public void add(Value value) {
            switch (value) {
                case Value.Text(String text) -> add(text);
                case Value.Bool(boolean bool) -> add(Boolean.toString(bool));
                case Value.Int64(long number) -> add(Long.toString(number));
                case Value.Float64(double number) -> add(Double.toString(number));
                case Value.Null none -> {
                    rows++;
                    missing++;
                }
            }
        }

        public void add(String category) {
            rows++;
            String name = category.length() <= NAME_LENGTH_MAX ? category : category.substring(0, NAME_LENGTH_MAX);
            counts.merge(name, 1L, Long::sum);
        }

        @Override
        public ColumnProfile.Categories profile() {
            List<Map.Entry<String, Long>> byCount = new ArrayList<>(counts.entrySet());
            byCount.sort(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()));
            var listed = new LinkedHashMap<String, Long>();
            byCount.stream().limit(LISTED_MAX).forEach(entry -> listed.put(entry.getKey(), entry.getValue()));
            long others = rows
                    - missing
                    - listed.values().stream().mapToLong(Long::longValue).sum();
            return new ColumnProfile.Categories(rows, missing, listed, others);
        }
    }
}

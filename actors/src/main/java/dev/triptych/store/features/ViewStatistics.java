package dev.triptych.store.features;

import dev.triptych.store.features.domain.FeatureRead;
import java.util.List;
import java.util.Optional;

/** What the rows of a view are like, feature by feature. */
public interface ViewStatistics {

    /**
     * Blocks the calling thread while reading; about a second for a million rows.
     *
     * @param features all of one view, at least one
     * @param span which rows, by event time
     */
    Summary of(String system, String entity, List<FeatureRead> features, Span span, Horizon horizon);

    /**
     * @param sinceMicros inclusive; empty for all from the first on
     * @param untilMicros exclusive; empty for all to the last
     */
    record Span(Optional<Long> sinceMicros, Optional<Long> untilMicros) {}

    /**
     * @param rows of the view in the span, and of how many keys
     * @param newestEventMicros empty where there are no rows
     * @param features in the order asked for
     */
    record Summary(
            long rows,
            long keys,
            Optional<Long> newestEventMicros,
            Optional<Long> newestIngestMicros,
            List<FeatureSummary> features) {
        public Summary {
            features = List.copyOf(features);
        }
    }

    /**
     * @param count rows with a value of the feature's type; a number that is not finite is none
     * @param distinct different values, about
     * @param newestEventMicros of a row with a value
     */
    record FeatureSummary(
            FeatureRead feature, long count, long distinct, Optional<Long> newestEventMicros, Values values) {}

    sealed interface Values {}

    /** No row holds a value. */
    record NoValues() implements Values {}

    /**
     * Of int64s and float64s.
     *
     * @param stddev of the population
     * @param quantiles one for each of {@link #QUANTILES}; approximate beyond {@link #EXACT_ROWS_MAX} rows
     * @param histogram counts of bins of equal width from min to max, the last of which includes its end
     */
    record Numbers(double min, double mean, double max, double stddev, List<Double> quantiles, List<Long> histogram)
            implements Values {
        public Numbers {
            quantiles = List.copyOf(quantiles);
            histogram = List.copyOf(histogram);
        }

        /** Where a bin begins; bin {@code histogram().size()} is where the last one ends. */
        public double edge(int bin) {
            double part = (double) bin / histogram.size();
            // Not min plus a part of the range, which may be more than a double holds.
            return bin == histogram.size() ? max : min * (1 - part) + max * part;
        }
    }

    /**
     * Of texts and bools.
     *
     * @param top most frequent first, equals by value; at most {@link #CATEGORIES_MAX}
     */
    record Categories(List<Category> top) implements Values {
        public Categories {
            top = List.copyOf(top);
        }
    }

    record Category(String value, long count) {}

    record Times(long earliestMicros, long latestMicros) implements Values {}

    List<Double> QUANTILES = List.of(0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99);
    int BINS = 20;
    int CATEGORIES_MAX = 20;
    long EXACT_ROWS_MAX = 1_000_000;
}

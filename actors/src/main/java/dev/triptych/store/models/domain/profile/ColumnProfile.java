package dev.triptych.store.models.domain.profile;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the values of one column are distributed over some rows. Bounded in size, whatever the number of rows. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ColumnProfile.Numbers.class, name = "numbers"),
    @JsonSubTypes.Type(value = ColumnProfile.Categories.class, name = "categories")
})
public sealed interface ColumnProfile {

    /** All rows, those without a value included. */
    long rows();

    /** Rows without a value: null, not found, too old, or not a finite number. */
    long missing();

    /** Rows with a value. */
    default long present() {
        return rows() - missing();
    }

    /**
     * The empirical distribution of numbers, thinned: the share of values at or below a listed one is exact, and between
     * two listed ones it is off by less than one part in the number of points.
     *
     * @param mean of the values; 0 where there are none
     * @param values ascending, the least and the greatest among them; none where there are none
     * @param cumulative for each listed value how many are at or below it; the last is {@link #present}
     */
    record Numbers(long rows, long missing, double mean, List<Double> values, List<Long> cumulative)
            implements ColumnProfile {
        public Numbers {
            values = List.copyOf(values);
            cumulative = List.copyOf(cumulative);
        }

        /** How many values are at or below {@code value}. */
        public long atOrBelow(double value) {
            int place = Collections.binarySearch(values, value);
            int last = place >= 0 ? place : -place - 2;
            return last < 0 ? 0 : cumulative.get(last);
        }

        /**
         * The least listed value that at least a share of all values is at or below; between them inverted-CDF quantiles.
         *
         * @param share 0 to 1; there must be a value
         */
        public double quantile(double share) {
            long wanted = Math.clamp((long) Math.ceil(share * present()), 1, present());
            int place = Collections.binarySearch(cumulative, wanted);
            return values.get(place >= 0 ? place : -place - 1);
        }
    }

    /**
     * @param counts of the most frequent categories, most frequent first
     * @param others rows whose category is not listed
     */
    record Categories(long rows, long missing, Map<String, Long> counts, long others) implements ColumnProfile {
        public Categories {
            counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
        }
    }
}

package dev.triptych.monitoring.domain;

import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.ColumnProfile.Categories;
import dev.triptych.store.models.domain.profile.ColumnProfile.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The same bins counted twice, over the rows that a version learnt from and over live ones. Numbers are cut at the
 * deciles of what was learnt, so that each bin held about a tenth of it, and fewer where values repeat; of categories the
 * {@value #CATEGORIES_MAX} most frequent ones then have a bin each, and the others one together. Missing values are a bin
 * of their own.
 */
public record SharedBins(List<Bin> bins) {

    static final int CATEGORIES_MAX = 20;
    private static final int CUTS = 10;

    /** What of the missing values, and of the categories without a bin. */
    static final String MISSING = "missing";

    static final String OTHERS = "others";

    public SharedBins {
        bins = List.copyOf(bins);
    }

    /**
     * @param label for people
     * @param baseline rows in it of those learnt from
     * @param live rows in it of the live ones
     */
    public record Bin(String label, long baseline, long live) {}

    /** @param live of the same kind as the baseline */
    public static SharedBins of(ColumnProfile baseline, ColumnProfile live) {
        var bins = new ArrayList<Bin>();
        switch (baseline) {
            case Numbers numbers -> cut(numbers, (Numbers) live, bins);
            case Categories categories -> list(categories, (Categories) live, bins);
        }
        bins.add(new Bin(MISSING, baseline.missing(), live.missing()));
        return new SharedBins(
                bins.stream().filter(bin -> bin.baseline() + bin.live() > 0).toList());
    }

    private static void cut(Numbers baseline, Numbers live, List<Bin> bins) {
        var edges = new TreeSet<Double>();
        for (int cut = 1; cut < CUTS && baseline.present() > 0; cut++) {
            edges.add(baseline.quantile((double) cut / CUTS));
        }
        double below = Double.NEGATIVE_INFINITY;
        for (double edge : edges) {
            bins.add(new Bin(
                    label(below, edge),
                    baseline.atOrBelow(edge) - baseline.atOrBelow(below),
                    live.atOrBelow(edge) - live.atOrBelow(below)));
            below = edge;
        }
        bins.add(new Bin(
                label(below, Double.POSITIVE_INFINITY),
                baseline.present() - baseline.atOrBelow(below),
                live.present() - live.atOrBelow(below)));
    }

    private static String label(double below, double edge) {
        if (below == Double.NEGATIVE_INFINITY) {
            return edge == Double.POSITIVE_INFINITY ? "any" : "≤ " + number(edge);
        }
        return edge == Double.POSITIVE_INFINITY ? "> " + number(below) : number(below) + " – " + number(edge);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value).replaceFirst("\\.0+$|(\\.\\d*?[1-9])0+$", "$1");
    }

    private static void list(Categories baseline, Categories live, List<Bin> bins) {
        long learnt = 0;
        long seen = 0;
        for (var category :
                baseline.counts().entrySet().stream().limit(CATEGORIES_MAX).toList()) {
            long now = live.counts().getOrDefault(category.getKey(), 0L);
            bins.add(new Bin(category.getKey(), category.getValue(), now));
            learnt += category.getValue();
            seen += now;
        }
        bins.add(new Bin(OTHERS, baseline.present() - learnt, live.present() - seen));
    }
}

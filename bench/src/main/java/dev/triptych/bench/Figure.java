package dev.triptych.bench;

import java.util.Locale;

/**
 * One measured number.
 *
 * @param baseline what the comparison measured in the same run; NaN where there is none
 * @param ratio value over baseline; NaN where there is none
 * @param target what it must reach, for people
 */
record Figure(String name, double value, String unit, double baseline, double ratio, String target, boolean met) {

    /** A number that must be a multiple of its baseline. */
    static Figure ofRatio(String name, double value, String unit, double baseline, double atLeast) {
        double ratio = value / baseline;
        return new Figure(name, value, unit, baseline, ratio, ">= " + atLeast + " x baseline", ratio >= atLeast);
    }

    /** A number that may be no more than a multiple of its baseline. */
    static Figure ofRatioAtMost(String name, double value, String unit, double baseline, double atMost) {
        double ratio = value / baseline;
        return new Figure(name, value, unit, baseline, ratio, "<= " + atMost + " x baseline", ratio <= atMost);
    }

    static Figure atLeast(String name, double value, String unit, double baseline, double target) {
        return new Figure(name, value, unit, baseline, value / baseline, ">= " + target, value >= target);
    }

    static Figure atMost(String name, double value, String unit, double target) {
        return new Figure(name, value, unit, Double.NaN, Double.NaN, "<= " + target, value <= target);
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":%s,\"ratio\":%s,\"target\":\"%s\",\"met\":%b}",
                name,
                value,
                unit,
                number(baseline),
                number(ratio),
                target,
                met);
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-28s %,14.1f %-10s %14s %8s  %-20s %s",
                name,
                value,
                unit,
                Double.isNaN(baseline) ? "-" : String.format(Locale.ROOT, "%,.1f", baseline),
                Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
                target,
                met ? "met" : "MISSED");
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "%-28s %14s %-10s %14s %8s  %-20s %s",
                "NAME",
                "VALUE",
                "UNIT",
                "BASELINE",
                "RATIO",
                "TARGET",
                "");
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "null" : String.format(Locale.ROOT, "%.3f", value);
    }
}

package dev.triptych.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One measured number.
 *
 * @param baseline what the comparison measured in the same run; NaN where there is none
 * @param ratio value over baseline; NaN where there is none
 * @param target what it must reach, for people
 * @param under the load it was seen under; empty where there is none to tell
 */
record Figure(
        String name,
        double value,
        String unit,
        double baseline,
        double ratio,
        String target,
        boolean met,
        Optional<Told> under) {

    /**
     * A load, for people and programs.
     *
     * @param load offered and achieved, such as {@code 64 in flight on 4 connections}
     * @param audit the deployment's audit mode; "-" where there is none
     */
    record Told(String load, String audit, CallLoad.Result result) {

        private String row() {
            return String.format(
                    Locale.ROOT,
                    "%n    %s, audit %s: %,.0f/s achieved, %d failed; p50 %.2f, p90 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms",
                    load,
                    audit,
                    result.achieved(),
                    result.failed(),
                    result.millisAt(50),
                    result.millisAt(90),
                    result.millisAt(99),
                    result.millisAt(99.9),
                    result.millisAt(100));
        }

        private String json() {
            return String.format(
                    Locale.ROOT,
                    ",\"load\":\"%s\",\"audit\":\"%s\",\"offered\":%s,\"achieved\":%.3f,\"failed\":%d,\"p50\":%.3f,"
                            + "\"p90\":%.3f,\"p99\":%.3f,\"p999\":%.3f,\"max\":%.3f",
                    load,
                    audit,
                    number(result.offered()),
                    result.achieved(),
                    result.failed(),
                    result.millisAt(50),
                    result.millisAt(90),
                    result.millisAt(99),
                    result.millisAt(99.9),
                    result.millisAt(100));
        }
    }

    private Figure(String name, double value, String unit, double baseline, double ratio, String target, boolean met) {
        this(name, value, unit, baseline, ratio, target, met, Optional.empty());
    }

    /** The same, seen under a load. */
    Figure under(String load, String audit, CallLoad.Result result) {
        return new Figure(name, value, unit, baseline, ratio, target, met, Optional.of(new Told(load, audit, result)));
    }

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
                "{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\",\"baseline\":%s,\"ratio\":%s,\"target\":\"%s\",\"met\":%b%s}",
                name,
                value,
                unit,
                number(baseline),
                number(ratio),
                target,
                met,
                under.map(Told::json).orElse(""));
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
                        met ? "met" : "MISSED")
                + under.map(Told::row).orElse("");
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

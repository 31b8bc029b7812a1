package dev.triptych.runtime.grpc;

import dev.triptych.store.features.ViewStatistics;
import dev.triptych.store.features.ViewStatistics.Categories;
import dev.triptych.store.features.ViewStatistics.FeatureSummary;
import dev.triptych.store.features.ViewStatistics.NoValues;
import dev.triptych.store.features.ViewStatistics.Numbers;
import dev.triptych.store.features.ViewStatistics.Times;
import dev.triptych.v1.Category;
import dev.triptych.v1.FeatureStatistics;
import dev.triptych.v1.FeatureStatisticsResponse;
import dev.triptych.v1.NumberStatistics;

/** Statistics of views as they go over the wire. */
final class StatisticsMessages {

    private StatisticsMessages() {}

    static FeatureStatisticsResponse wire(ViewStatistics.Summary summary) {
        var wire =
                FeatureStatisticsResponse.newBuilder().setRows(summary.rows()).setKeys(summary.keys());
        summary.newestEventMicros().ifPresent(micros -> wire.setNewestEventTime(Translation.timestamp(micros)));
        summary.newestIngestMicros().ifPresent(micros -> wire.setNewestIngestTime(Translation.timestamp(micros)));
        summary.features().forEach(feature -> wire.addFeatures(wire(feature, summary.rows())));
        return wire.build();
    }

    private static FeatureStatistics wire(FeatureSummary summary, long rows) {
        var wire = FeatureStatistics.newBuilder()
                .setFeature(summary.feature().name())
                .setType(summary.feature().type().label())
                .setCount(summary.count())
                .setNulls(rows - summary.count())
                .setDistinct(summary.distinct());
        summary.newestEventMicros().ifPresent(micros -> wire.setNewestEventTime(Translation.timestamp(micros)));
        switch (summary.values()) {
            case NoValues none -> {
                // Nothing more is known.
            }
            case Numbers numbers -> wire.setNumbers(wire(numbers));
            case Categories categories ->
                categories
                        .top()
                        .forEach(each -> wire.addCategories(
                                Category.newBuilder().setValue(each.value()).setCount(each.count())));
            case Times(long earliest, long latest) ->
                wire.setEarliest(Translation.timestamp(earliest)).setLatest(Translation.timestamp(latest));
        }
        return wire.build();
    }

    private static NumberStatistics wire(Numbers numbers) {
        var wire = NumberStatistics.newBuilder()
                .setMin(numbers.min())
                .setMean(numbers.mean())
                .setMax(numbers.max())
                .setStddev(numbers.stddev());
        for (int i = 0; i < ViewStatistics.QUANTILES.size(); i++) {
            wire.addQuantiles(NumberStatistics.Quantile.newBuilder()
                    .setP(ViewStatistics.QUANTILES.get(i))
                    .setValue(numbers.quantiles().get(i)));
        }
        for (int bin = 0; bin < numbers.histogram().size(); bin++) {
            wire.addHistogram(NumberStatistics.Bin.newBuilder()
                    .setFrom(numbers.edge(bin))
                    .setTo(numbers.edge(bin + 1))
                    .setCount(numbers.histogram().get(bin)));
        }
        return wire.build();
    }
}

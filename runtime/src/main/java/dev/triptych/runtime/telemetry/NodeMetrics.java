package dev.triptych.runtime.telemetry;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/**
 * The metrics of a node, in Prometheus' text format. What is counted as it happens costs some dozen nanoseconds; everything
 * else is read when somebody asks for it, or every few seconds where that asks others.
 */
public final class NodeMetrics implements AutoCloseable {

    private static final double[] SECONDS = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10};
    private static final double[] EVENTS = {1, 2, 5, 10, 20, 50, 100, 200, 400};

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    public NodeMetrics() {
        registry.config().meterFilter(new Buckets());
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Where drivers count what they do. */
    public MeterRegistry registry() {
        return registry;
    }

    /** All of it, as Prometheus reads it. */
    public String scrape() {
        return registry.scrape();
    }

    /** @param unit such as {@code seconds}; empty for a number of things */
    public void gauge(String name, String description, String unit, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .register(registry);
    }

    /** A number that only grows, for one of several things; told of once, it goes on by itself. */
    public void counter(String name, String description, Tags of, Supplier<Number> count) {
        FunctionCounter.builder(name, count, counted -> counted.get().doubleValue())
                .description(description)
                .tags(of)
                .register(registry);
    }

    /** Numbers for things that come and go; those of {@link MultiGauge#register} replace the ones before. */
    public MultiGauge gauges(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Sizes of commits. */
    public IntConsumer commits() {
        DistributionSummary sizes = DistributionSummary.builder("triptych.journal.commit.events")
                .description("Events that one commit of the journal held")
                .register(registry);
        return sizes::record;
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }

    /** Every histogram has buckets of its kind. */
    private static final class Buckets implements MeterFilter {
        @Override
        public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
            double[] bounds = switch (id.getType()) {
                case TIMER ->
                    DoubleStream.of(SECONDS)
                            .map(seconds -> seconds * Duration.ofSeconds(1).toNanos())
                            .toArray();
                case DISTRIBUTION_SUMMARY -> EVENTS;
                default -> new double[0];
            };
            boolean ours = !id.getName().startsWith("jvm.");
            return ours && bounds.length > 0
                    ? DistributionStatisticConfig.builder()
                            .serviceLevelObjectives(bounds)
                            .build()
                            .merge(config)
                    : config;
        }
    }
}

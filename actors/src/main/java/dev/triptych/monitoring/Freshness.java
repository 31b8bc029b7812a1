package dev.triptych.monitoring;

import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.kernel.Micros;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** How new the newest rows of a system's views are. Thread-safe. */
public final class Freshness {

    private final NewestRows rows;
    private final Executor blocking;
    private final Clock clock;

    /** @param blocking for reads of the offline store */
    public Freshness(NewestRows rows, Executor blocking, Clock clock) {
        this.rows = rows;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** One report a view, in the order declared. */
    public CompletionStage<List<FreshnessReport>> of(SystemDefinition system) {
        return CompletableFuture.supplyAsync(
                () -> system.views().stream().map(view -> report(system, view)).toList(), blocking);
    }

    private FreshnessReport report(SystemDefinition system, ViewDefinition view) {
        Optional<NewestRows.Newest> newest = rows.of(system.name(), view);
        long now = Micros.of(clock.instant());
        Optional<Duration> age = newest.map(
                row -> Duration.between(Micros.toInstant(Math.min(row.eventMicros(), now)), Micros.toInstant(now)));
        Optional<Duration> oldest = Optional.ofNullable(
                        system.monitoring().freshness().get(view.name()))
                .or(view::ttl);
        return new FreshnessReport(view.name(), view.entity(), newest, age, oldest);
    }
}

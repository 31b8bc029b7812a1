package dev.triptych.runtime;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.inference.PredictionCounts;
import dev.triptych.monitoring.LatestReadings;
import dev.triptych.monitoring.domain.Reading;
import dev.triptych.runtime.postgres.CommitSizes;
import dev.triptych.runtime.postgres.JournalLag;
import dev.triptych.runtime.telemetry.NodeMetrics;
import dev.triptych.runtime.tls.ServerIdentity;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.schedule.domain.PipelineRun;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.store.features.LiveStates;
import dev.triptych.store.features.ResidentStates;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells a node's metrics what its actors and its database know. */
final class MeteredNode implements AutoCloseable {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(4);
    private static final int RUNS_MAX = 500;

    private final NodeMetrics metrics;
    private final ActorSystem<?> actors;
    private final HikariDataSource database;
    private final ActorRef<PipelineScheduler.Command> scheduler;
    private final MultiGauge runs;
    private final MultiGauge readings;
    private final MultiGauge thresholds;
    private final Cancellable timer;

    /** Whose counter is there already, and goes on by itself. */
    private final Set<PredictionCounts.Counted> told = ConcurrentHashMap.newKeySet();

    private volatile Optional<JournalLag> lag = Optional.empty();

    private MeteredNode(
            NodeMetrics metrics,
            ActorSystem<?> actors,
            HikariDataSource database,
            ActorRef<PipelineScheduler.Command> scheduler,
            Executor blocking) {
        this.metrics = metrics;
        this.actors = actors;
        this.database = database;
        this.scheduler = scheduler;
        this.runs = metrics.gauges("triptych.runs", "Of the last " + RUNS_MAX + " runs, those of a kind in a state");
        this.readings = metrics.gauges("triptych.monitored.value", "PSI of a drift, a metric of quality, or seconds");
        this.thresholds = metrics.gauges("triptych.monitored.threshold", "What the value is compared with");
        this.timer = actors.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO, INTERVAL, () -> blocking.execute(this::look), actors.executionContext());
    }

    /**
     * @param scheduler knows the runs
     * @param tls what clients see; empty for a node without
     * @param blocking asks the database
     */
    static MeteredNode start(
            NodeMetrics metrics,
            ActorSystem<?> actors,
            HikariDataSource database,
            ActorRef<PipelineScheduler.Command> scheduler,
            Optional<ServerIdentity> tls,
            Executor blocking) {
        var node = new MeteredNode(metrics, actors, database, scheduler, blocking);
        CommitSizes.get(actors).tell(metrics.commits());
        LiveStates live = LiveStates.get(actors);
        ResidentStates resident = ResidentStates.get(actors);
        metrics.gauge("triptych.entities.live", "Entities with an actor on this node that were read", "", live::size);
        metrics.gauge(
                "triptych.states.resident",
                "Entities whose actor was let go of, in memory on this node",
                "",
                resident::size);
        node.lag("triptych.journal.lag.events", "Events that are not projected yet", "", JournalLag::events);
        node.lag("triptych.journal.lag", "Age of the oldest event not projected", "seconds", JournalLag::eventsSeconds);
        node.lag("triptych.seal.lag.events", "Events that no seal covers yet", "", JournalLag::unsealed);
        node.lag("triptych.seal.lag", "Age of the oldest event without a seal", "seconds", JournalLag::unsealedSeconds);
        tls.ifPresent(identity -> metrics.gauge(
                "triptych.tls.certificate.validity",
                "Until the certificate that clients see expires",
                "seconds",
                () -> Duration.between(Instant.now(), identity.validUntil()).toSeconds()));
        return node;
    }

    /** Not a number while the database cannot be asked. */
    private void lag(String name, String description, String unit, ToDoubleFunction<JournalLag> part) {
        metrics.gauge(
                name,
                description,
                unit,
                () -> lag.map(found -> part.applyAsDouble(found)).orElse(Double.NaN));
    }

    private void look() {
        lag = JournalLag.read(database);
        PredictionCounts predictions = PredictionCounts.get(actors);
        predictions.forEach((counted, count) -> {
            if (told.add(counted)) {
                metrics.counter(
                        "triptych.predictions",
                        "Predictions of this node",
                        Tags.of(
                                "system",
                                counted.system(),
                                "deployment",
                                counted.deployment(),
                                "version",
                                String.valueOf(counted.version())),
                        () -> predictions.of(counted));
            }
        });
        var all = LatestReadings.get(actors).all();
        readings.register(rows(all.stream(), Reading::value), true);
        thresholds.register(rows(all.stream(), Reading::threshold), true);
        AskPattern.<PipelineScheduler.Command, PipelineScheduler.Runs>ask(
                        scheduler,
                        replyTo ->
                                new PipelineScheduler.ListRuns(Optional.empty(), Optional.empty(), RUNS_MAX, replyTo),
                        ANSWER_MAX,
                        actors.scheduler())
                .thenAccept(listed -> runs.register(
                        listed.runs().stream()
                                .collect(Collectors.groupingBy(MeteredNode::kindAndState, Collectors.counting()))
                                .entrySet()
                                .stream()
                                .<MultiGauge.Row<?>>map(of -> MultiGauge.Row.of(of.getKey(), of.getValue()))
                                .toList(),
                        true));
    }

    private static Iterable<MultiGauge.Row<?>> rows(Stream<Reading> readings, ToDoubleFunction<Reading> number) {
        return readings
                .collect(Collectors.toMap(
                        reading -> Tags.of(
                                "system", reading.subject().system(),
                                "kind", reading.subject().kind().name().toLowerCase(Locale.ROOT),
                                "source", reading.subject().source(),
                                "measure", reading.subject().measure()),
                        number::applyAsDouble,
                        (first, second) -> second))
                .entrySet()
                .stream()
                .<MultiGauge.Row<?>>map(MeteredNode::row)
                .toList();
    }

    private static MultiGauge.Row<?> row(Map.Entry<Tags, Double> of) {
        return MultiGauge.Row.of(of.getKey(), of.getValue());
    }

    private static Tags kindAndState(PipelineRun run) {
        String state = run.outcome()
                .map(outcome -> switch (outcome) {
                    case RunOutcome.Completed done -> "completed";
                    case RunOutcome.Failed failed -> "failed";
                    case RunOutcome.Cancelled cancelled -> "cancelled";
                })
                .orElse("running");
        return Tags.of("kind", run.pipeline().kind().name().toLowerCase(Locale.ROOT), "state", state);
    }

    @Override
    public void close() {
        timer.cancel();
    }
}

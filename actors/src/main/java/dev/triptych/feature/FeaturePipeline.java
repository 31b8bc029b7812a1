package dev.triptych.feature;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.pattern.Patterns;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.schedule.PipelineRunner;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.RunWriteId;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Runs feature pipelines: extracts, then writes every row to its entity, with a bounded number of writes in flight. A
 * run that comes again writes the same rows under the same ids, so it ends as if it had run once.
 */
public final class FeaturePipeline implements PipelineRunner {

    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    /** With the timeout above: PostgreSQL may be away for minutes before a run gives up. */
    private static final int WRITE_ATTEMPTS_MAX = 30;

    private final ActorSystem<?> actors;
    private final ClusterSharding sharding;
    private final Map<String, SystemDefinition> systems;
    private final Extraction extraction;
    private final Executor executor;
    private final int writesInFlightMax;
    private final Duration writeTimeout;
    private final int writeAttemptsMax;

    /** The runs at work by their ids; each is completed with the name of who asks it to stop. */
    private final Map<String, CompletableFuture<String>> stops = new ConcurrentHashMap<>();

    /**
     * @param systems by name
     * @param executor runs the extraction, and waits for writes: it may block
     * @param writesInFlightMax at once in one run
     */
    public FeaturePipeline(
            ActorSystem<?> actors,
            Map<String, SystemDefinition> systems,
            Extraction extraction,
            Executor executor,
            int writesInFlightMax) {
        this(actors, systems, extraction, executor, writesInFlightMax, WRITE_TIMEOUT, WRITE_ATTEMPTS_MAX);
    }

    /**
     * @param writeTimeout until a write is tried again
     * @param writeAttemptsMax until the run gives up
     */
    FeaturePipeline(
            ActorSystem<?> actors,
            Map<String, SystemDefinition> systems,
            Extraction extraction,
            Executor executor,
            int writesInFlightMax,
            Duration writeTimeout,
            int writeAttemptsMax) {
        this.actors = actors;
        this.sharding = ClusterSharding.get(actors);
        this.systems = Map.copyOf(systems);
        this.extraction = extraction;
        this.executor = executor;
        this.writesInFlightMax = writesInFlightMax;
        this.writeTimeout = writeTimeout;
        this.writeAttemptsMax = writeAttemptsMax;
    }

    @Override
    public CompletionStage<RunOutcome> run(RunRequest request, Consumer<RunProgress> progress) {
        var stop = new CompletableFuture<String>();
        stops.put(request.runId(), stop);
        return CompletableFuture.supplyAsync(() -> runNow(request, progress, stop), executor)
                .whenComplete((outcome, failure) -> stops.remove(request.runId(), stop));
    }

    /** Stops before the next write is begun; what was written stays. */
    @Override
    public void cancel(RunRequest request, String by) {
        CompletableFuture<String> stop = stops.get(request.runId());
        if (stop != null) {
            stop.complete(by);
        }
    }

    private RunOutcome runNow(RunRequest request, Consumer<RunProgress> progress, CompletableFuture<String> stop) {
        SystemDefinition system = systems.get(request.pipeline().system());
        Optional<FeaturePipelineDefinition> pipeline = system == null
                ? Optional.empty()
                : system.featurePipelines().stream()
                        .filter(each -> each.name().equals(request.pipeline().name()))
                        .findFirst();
        if (system == null || pipeline.isEmpty()) {
            return new RunOutcome.Failed(request.pipeline().path() + " is not declared on this node", List.of());
        }
        progress.accept(new RunProgress("reading the source", 0, 0));
        try (var extracted = extraction.extract(system, pipeline.get(), request)) {
            return write(system, pipeline.get(), extracted, request, progress, stop);
        } catch (Extraction.UnreadableSourceException e) {
            return new RunOutcome.Failed(String.valueOf(e.getMessage()), e.rejections());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new RunOutcome.Failed("the node stopped in the middle of the run", List.of());
        }
    }

    private RunOutcome write(
            SystemDefinition system,
            FeaturePipelineDefinition pipeline,
            Extraction.Extracted extracted,
            RunRequest request,
            Consumer<RunProgress> progress,
            CompletableFuture<String> stop)
            throws InterruptedException {
        var writes = new WritesInFlight(writesInFlightMax, extracted.rowsToWrite(), pipeline.badRows(), progress);
        try {
            beginAll(system, pipeline, extracted, request, writes, stop);
        } catch (RuntimeException e) {
            // The run has not ended while it still writes.
            writes.awaitAll();
            throw e;
        }
        writes.awaitAll();
        return stop.isDone() && writes.goOn() ? new RunOutcome.Cancelled(stop.join()) : writes.outcome(extracted);
    }

    private void beginAll(
            SystemDefinition system,
            FeaturePipelineDefinition pipeline,
            Extraction.Extracted extracted,
            RunRequest request,
            WritesInFlight writes,
            CompletableFuture<String> stop)
            throws InterruptedException {
        for (FeaturePipelineDefinition.Output output : pipeline.outputs()) {
            ViewDefinition view = system.view(output.view()).orElseThrow();
            var target = new Target(system.name(), view, request.runId());
            Iterator<Extraction.KeyRows> rows = extracted.rows(output);
            for (int part = 0; rows.hasNext() && writes.goOn() && !stop.isDone(); part++) {
                Extraction.KeyRows keyRows = rows.next();
                writes.begin();
                target.write(keyRows, part).whenComplete((reply, failed) -> writes.ended(keyRows, reply, failed));
            }
        }
    }

    /** Where an output's rows go. */
    private final class Target {
        private final String system;
        private final ViewDefinition view;
        private final String runId;
        private final List<String> names;
        private final String types;

        Target(String system, ViewDefinition view, String runId) {
            this.system = system;
            this.view = view;
            this.runId = runId;
            this.names = view.features().stream().map(FeatureDefinition::name).toList();
            var codes = new StringBuilder();
            view.features().forEach(feature -> codes.append(feature.type().code()));
            this.types = codes.toString();
        }

        /** Asked again after a timeout, under the same id: whether the first try was written makes no difference. */
        CompletionStage<FeatureEntity.WriteReply> write(Extraction.KeyRows rows, int part) {
            var id = new EntityId(system, view.entity(), rows.key());
            Optional<String> writeId = Optional.of(RunWriteId.of(runId, view.name(), part));
            return Patterns.retry(
                    () -> sharding.entityRefFor(FeatureEntity.TYPE_KEY, id.path())
                            .ask(
                                    (ActorRef<FeatureEntity.WriteReply> replyTo) -> new FeatureEntity.Write(
                                            view.name(), names, types, rows.rows(), writeId, Optional.empty(), replyTo),
                                    writeTimeout),
                    writeAttemptsMax,
                    RETRY_PAUSE,
                    actors.classicSystem());
        }
    }
}

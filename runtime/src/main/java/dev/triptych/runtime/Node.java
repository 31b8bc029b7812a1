package dev.triptych.runtime;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import akka.serialization.SerializationExtension;
import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariDataSource;
import dev.triptych.audit.Counterfactual;
import dev.triptych.audit.EntityStory;
import dev.triptych.audit.RecordedOutcomes;
import dev.triptych.audit.Replay;
import dev.triptych.audit.Replays;
import dev.triptych.definition.Mistake;
import dev.triptych.definition.Systems;
import dev.triptych.definition.TransformationCheck;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.feature.FeaturePipeline;
import dev.triptych.inference.BatchInference;
import dev.triptych.inference.DeploymentEntity;
import dev.triptych.inference.Deployments;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.PredictionLog;
import dev.triptych.inference.PredictionRetention;
import dev.triptych.inference.RemoteInference;
import dev.triptych.monitoring.Freshness;
import dev.triptych.monitoring.Measurements;
import dev.triptych.monitoring.Monitor;
import dev.triptych.monitoring.Monitored;
import dev.triptych.monitoring.Watch;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.duckdb.DuckDbBatchFiles;
import dev.triptych.runtime.duckdb.DuckDbDatasetCopies;
import dev.triptych.runtime.duckdb.DuckDbDatasetSnapshots;
import dev.triptych.runtime.duckdb.DuckDbExtraction;
import dev.triptych.runtime.duckdb.DuckDbMemory;
import dev.triptych.runtime.duckdb.DuckDbNewestRows;
import dev.triptych.runtime.duckdb.DuckDbOfflineStore;
import dev.triptych.runtime.duckdb.DuckDbSegmentFiles;
import dev.triptych.runtime.duckdb.DuckDbSelectedKeys;
import dev.triptych.runtime.duckdb.DuckDbViewStatistics;
import dev.triptych.runtime.grpc.GrpcServer;
import dev.triptych.runtime.grpc.GrpcServices;
import dev.triptych.runtime.http.HttpRoutes;
import dev.triptych.runtime.http.HttpServer;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.runtime.postgres.Databases;
import dev.triptych.runtime.postgres.EmbeddedDatabase;
import dev.triptych.runtime.postgres.ErasedEntities;
import dev.triptych.runtime.postgres.Leases;
import dev.triptych.runtime.postgres.NodeLease;
import dev.triptych.runtime.postgres.PostgresArtifactStore;
import dev.triptych.runtime.postgres.PostgresBatchResults;
import dev.triptych.runtime.postgres.PostgresFeatureJournal;
import dev.triptych.runtime.postgres.PostgresJournalProjection;
import dev.triptych.runtime.postgres.PostgresJournalSeals;
import dev.triptych.runtime.postgres.PostgresPredictionArchive;
import dev.triptych.runtime.postgres.PostgresPredictionRecords;
import dev.triptych.runtime.postgres.PostgresPredictionRetention;
import dev.triptych.runtime.postgres.PostgresSegmentCatalog;
import dev.triptych.runtime.telemetry.NodeMetrics;
import dev.triptych.runtime.telemetry.NodeTraces;
import dev.triptych.runtime.tls.ServerIdentity;
import dev.triptych.runtime.tribuo.TribuoModelLoader;
import dev.triptych.runtime.tribuo.TribuoModelTrainer;
import dev.triptych.runtime.webhook.HttpWebhook;
import dev.triptych.schedule.PipelineRunner;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.store.CatchUp;
import dev.triptych.store.JournalTailer;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.Traces;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.VersionProfiles;
import dev.triptych.training.TrainingPipeline;
import dev.triptych.training.TrainingPorts;
import dev.triptych.training.TrainingSupervisor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One running node: every actor with the drivers it needs. The only class that knows both.
 *
 * <p>What has been started is stopped in the reverse order: clients first, then the actors, then the database.
 */
public final class Node implements AutoCloseable {

    /** Of what nodes tell one another. Counted up where nodes of this release and the last could not share a cluster. */
    private static final int PROTOCOL = 1;

    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(60);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(20);
    private static final Duration PROMOTION_SERVED_MAX = Duration.ofSeconds(10);
    private static final Duration READY_MAX = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final int VERSIONS_LOADED_MAX = 50;
    private static final int REPLAYED_PAGES_AT_ONCE = 4;

    private final Started started = new Started();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final NodeSettings settings;
    private final Map<String, SystemDefinition> systems;
    private final Clock clock = Clock.systemUTC();
    private volatile boolean removed;
    private NodeSettings.@Nullable Database database;
    private @Nullable ActorSystem<Void> actors;
    private volatile Optional<Readiness> readiness = Optional.empty();
    private @Nullable GrpcServer grpc;
    private @Nullable HttpServer http;

    private Node(NodeSettings settings, Map<String, SystemDefinition> systems) {
        this.settings = settings;
        this.systems = systems;
    }

    /**
     * Starts everything, and returns when clients can connect.
     *
     * @throws StartFailure if anything stands in the way; nothing is left running then
     */
    public static Node start(NodeSettings settings) {
        var node = new Node(settings, readSystems(settings.systems()));
        try {
            // Before anything runs that would outlive this process.
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "triptych-stop"));
            node.startAll();
            if (settings.cluster().isAlone()) {
                // What it is short of nobody else can bring.
                node.awaitReady(READY_MAX);
            }
            return node;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            node.close();
            throw new StartFailure("The node was stopped while it started.", e);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static Map<String, SystemDefinition> readSystems(Path folder) {
        Systems systems = Systems.in(folder);
        if (systems.mistakes().size() == 1) {
            throw new StartFailure(systems.mistakes().getFirst().render());
        }
        if (!systems.mistakes().isEmpty()) {
            throw new StartFailure("The systems in " + folder + " have mistakes:\n"
                    + systems.mistakes().stream().map(Mistake::render).collect(Collectors.joining("\n")));
        }
        return systems.byName();
    }

    /** Whoever closes the node meanwhile waits, until the step in hand is done and there is nothing half started. */
    private synchronized void startAll() {
        DataDirectory data = closing(DataDirectory.open(settings.data()));
        checkPort(settings.grpc(), "--port");
        checkPort(settings.http(), "--http-port");
        NodeSettings.Database found = settings.database().orElseGet(() -> {
            EmbeddedDatabase embedded = closing(EmbeddedDatabase.start(data.postgres()));
            return new NodeSettings.Database(embedded.url(), EmbeddedDatabase.USER, EmbeddedDatabase.PASSWORD);
        });
        this.database = found;
        ClusterSettings cluster = settings.cluster();
        UUID incarnation = UUID.randomUUID();
        HikariDataSource pool = closing(
                Databases.open(found.url(), found.user(), found.password(), NodeLease.applicationName(incarnation)));
        NodeLease lease = closing(NodeLease.take(
                pool,
                new NodeLease.Access(found.url(), found.user(), found.password()),
                new NodeLease.Candidate(
                        cluster.name(),
                        cluster.node(),
                        incarnation,
                        PROTOCOL,
                        cluster.isAlone(),
                        settings.database().isEmpty())));
        SharedDirectory shared =
                SharedDirectory.open(settings.shared(), lease.cluster(), cluster.isAlone(), lease.others() > 0);
        NodeThreads threads = closing(NodeThreads.start(settings.config().getConfig("triptych.threads")));
        ActorSystem<Void> running = startActors(settings.connectedTo(found, lease));
        this.actors = running;
        // Nothing writes any more: others need not wait until its time is over.
        running.getWhenTerminated().thenRun(lease::close);
        Leases.get(running).by(pool, incarnation, threads.database());
        assemble(running, data, shared, pool, threads, new Membership(running, cluster, lease));
    }

    /** Before a database is started for nothing; whether the port can be had in the end, only the server knows. */
    private static void checkPort(InetSocketAddress address, String option) {
        try (var probe = new ServerSocket()) {
            probe.bind(address);
        } catch (IOException e) {
            throw cannotListen(address, option, e);
        }
    }

    private static StartFailure cannotListen(InetSocketAddress address, String option, IOException failure) {
        return new StartFailure(
                "Nobody can listen on " + address.getHostString() + ":" + address.getPort() + ": "
                        + root(failure).getMessage() + "; stop what uses the port, or choose another with " + option
                        + ".",
                failure);
    }

    private ActorSystem<Void> startActors(Config config) {
        ActorSystem<Void> actors = ActorSystem.create(Behaviors.empty(), "triptych", config);
        closing(() -> stop(actors));
        // Remoting ends with the process by itself, but not before what is registered here: the others are told first.
        CoordinatedShutdown.get(actors).addJvmShutdownHook(this::close);
        // A node that the others have given up ends by itself.
        actors.getWhenTerminated().thenRun(() -> {
            removed = stopRequested.getCount() > 0;
            stopRequested.countDown();
        });
        return actors;
    }

    private static void stop(ActorSystem<Void> actors) {
        actors.terminate();
        try {
            actors.getWhenTerminated().toCompletableFuture().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            actors.log().warn("The actors did not stop within {}", STOP_MAX);
        }
    }

    private void assemble(
            ActorSystem<?> actors,
            DataDirectory data,
            SharedDirectory shared,
            HikariDataSource database,
            NodeThreads threads,
            Membership membership) {
        Function<String, Optional<SystemDefinition>> definitions = name -> Optional.ofNullable(systems.get(name));
        var memory = new DuckDbMemory(
                settings.config().getInt("triptych.duckdb.mebibytes"),
                settings.config().getInt("triptych.duckdb.threads"),
                data.spill());

        // The shared data layer.
        var serialization = SerializationExtension.get(actors);
        var journal = new PostgresFeatureJournal(database, serialization, threads.database());
        FeatureEntity.init(actors, journal, clock);
        JournalTailer.init(
                actors,
                () -> new PostgresJournalProjection(
                        database,
                        serialization,
                        new DuckDbSegmentFiles(shared.offline(), memory),
                        new DuckDbDatasetCopies(shared.datasets(), memory)),
                threads.tailer());
        var offline = new DuckDbOfflineStore(
                new PostgresSegmentCatalog(database),
                shared.offline(),
                memory,
                () -> CatchUp.await(actors, CATCH_UP_MAX));
        ModelRegistry.init(actors, clock);
        DeploymentEntity.init(actors, clock);
        var artifacts = new PostgresArtifactStore(database, threads.database());
        var loader = new TribuoModelLoader();
        var versions = new LoadedVersions(actors, artifacts, loader, threads.evaluation(), VERSIONS_LOADED_MAX);

        // The three pipelines.
        var feature = new FeaturePipeline(
                actors,
                systems,
                new DuckDbExtraction(memory),
                threads.extraction(),
                settings.config().getInt("triptych.feature.writes-in-flight"));
        var snapshots = new DuckDbDatasetSnapshots(shared.datasets(), memory, new ErasedEntities(database));
        TrainingSupervisor.init(
                actors,
                definitions,
                new TrainingPorts(offline, snapshots, new TribuoModelTrainer(), loader, artifacts),
                threads.training(),
                clock);
        // Not before every shard could be here: each move of one is acknowledged by all members, this one then among
        // them.
        membership.join();
        var archive =
                new PostgresPredictionArchive(database, threads.database(), () -> CatchUp.await(actors, CATCH_UP_MAX));
        settings.predictionRetention()
                .ifPresent(retention -> PredictionRetention.init(
                        actors, retention, new PostgresPredictionRetention(database, threads.database()), clock));
        Optional<ActorRef<PredictionLog.Command>> log = recordPredictions(actors);
        Map<String, ActorRef<InferenceActor.Command>> deployments =
                log.map(here -> deploy(actors, versions, here, threads)).orElseGet(() -> elsewhere(actors));
        var served = new Deployments(actors, log.isPresent() ? deployments : Map.of());
        var training = new TrainingPipeline(
                actors, definitions, (system, model) -> served.adoptAll(system, model, PROMOTION_SERVED_MAX));
        var inference = new BatchInference(
                actors,
                definitions,
                deployments,
                versions,
                offline,
                archive,
                new PostgresBatchResults(database, threads.database()),
                new DuckDbBatchFiles(shared.predictions(), memory),
                new DuckDbSelectedKeys(shared.keys(), memory),
                threads.offline(),
                clock);

        // Cadences, audit and the way in.
        Map<PipelineKind, PipelineRunner> runners = Map.of(
                PipelineKind.FEATURE, feature, PipelineKind.TRAINING, training, PipelineKind.INFERENCE, inference);
        ActorRef<PipelineScheduler.Command> scheduler =
                PipelineScheduler.init(actors, runners, systems.values(), settings.cadences(), clock);
        // Of its own: what serving holds in memory would hide that a stored artifact was changed.
        var replayed = new LoadedVersions(actors, artifacts, loader, threads.evaluation(), VERSIONS_LOADED_MAX);
        var replays = new Replays(
                archive, new Replay(journal, replayed, threads.evaluation()), REPLAYED_PAGES_AT_ONCE, clock);
        var counterfactual = new Counterfactual(actors, archive, journal, versions, threads.evaluation(), clock);
        var seals = new PostgresJournalSeals(database, threads.offline(), () -> CatchUp.await(actors, CATCH_UP_MAX));
        var story = new EntityStory(journal, archive, versions);
        var measurements = new Measurements(
                new PostgresPredictionRecords(database, threads.database(), () -> CatchUp.await(actors, CATCH_UP_MAX)),
                journal,
                versions,
                new VersionProfiles(artifacts),
                threads.monitoring());
        var freshness = new Freshness(
                new DuckDbNewestRows(new PostgresSegmentCatalog(database), shared.offline(), memory),
                threads.monitoring(),
                clock);
        ActorRef<Monitor.Command> monitor = Monitor.init(
                actors,
                systems,
                new Watch(measurements, freshness, clock),
                closing(new HttpWebhook()),
                scheduler,
                settings.monitoring(),
                clock);
        var openInference = new OpenInference(
                actors,
                systems.values(),
                deployments,
                () -> readiness.map(Readiness::holds).orElse(false));
        AccessControl access = settings.access();
        Optional<NodeTraces> traces = NodeTraces.start(
                        settings.config().getConfig("triptych.tracing"),
                        settings.cluster().node())
                .map(this::closing);
        traces.ifPresent(Traces.get(actors)::by);
        GrpcServices services = GrpcServices.of(
                actors,
                systems,
                scheduler,
                settings.cadences(),
                deployments,
                served,
                offline,
                new DuckDbViewStatistics(new PostgresSegmentCatalog(database), shared.offline(), memory),
                archive,
                new RecordedOutcomes(journal, versions, threads.evaluation()),
                replays,
                counterfactual,
                seals,
                story,
                openInference,
                new VersionProfiles(artifacts),
                new Monitored(measurements, freshness, monitor, clock),
                access,
                traces.map(NodeTraces::openTelemetry),
                threads.offline(),
                clock);
        Optional<ServerIdentity> tls =
                settings.tls().map(files -> closing(ServerIdentity.load(files, settings.tlsRefresh(), clock)));
        var metrics = closing(new NodeMetrics());
        closing(MeteredNode.start(metrics, actors, database, scheduler, tls, threads.database()));
        serve(services, tls, metrics);
        LocalCalls calls = closing(services.local());
        serve(
                actors,
                HttpRoutes.of(
                        actors,
                        settings.requestBytesMax(),
                        access,
                        calls,
                        openInference,
                        metrics.registry(),
                        metrics::scrape,
                        traces.map(NodeTraces::openTelemetry)),
                tls);
        closing(() -> deployments.values().forEach(actor -> actor.tell(new InferenceActor.Retire())));
        readiness =
                Optional.of(closing(Readiness.watch(actors, deployments, log, Objects.requireNonNull(grpc)::ready)));
    }

    /** Empty where other nodes predict. */
    private Optional<ActorRef<PredictionLog.Command>> recordPredictions(ActorSystem<?> actors) {
        return settings.cluster().roles().contains(NodeRoles.INFERENCE)
                ? Optional.of(actors.systemActorOf(
                        PredictionLog.create(settings.cluster().node()), "prediction-log", Props.empty()))
                : Optional.empty();
    }

    private Map<String, ActorRef<InferenceActor.Command>> deploy(
            ActorSystem<?> actors, LoadedVersions versions, ActorRef<PredictionLog.Command> log, NodeThreads threads) {
        var deployments = new LinkedHashMap<String, ActorRef<InferenceActor.Command>>();
        systems.values()
                .forEach(system -> system.deployments()
                        .forEach(deployment -> deployments.put(
                                system.name() + "/" + deployment.name(),
                                actors.systemActorOf(
                                        InferenceActor.create(
                                                system.name(),
                                                deployment,
                                                versions,
                                                log,
                                                threads.evaluation(),
                                                threads.shadows(),
                                                clock),
                                        "inference-" + system.name() + "-" + deployment.name(),
                                        DispatcherSelector.fromConfig("triptych.inference-dispatcher")))));
        return deployments;
    }

    /** What other nodes serve. */
    private Map<String, ActorRef<InferenceActor.Command>> elsewhere(ActorSystem<?> actors) {
        var deployments = new LinkedHashMap<String, ActorRef<InferenceActor.Command>>();
        systems.values()
                .forEach(system -> system.deployments().forEach(deployment -> {
                    String path = system.name() + "/" + deployment.name();
                    deployments.put(
                            path,
                            actors.systemActorOf(
                                    RemoteInference.create(path),
                                    "inference-" + system.name() + "-" + deployment.name(),
                                    Props.empty()));
                }));
        return deployments;
    }

    private void serve(GrpcServices services, Optional<ServerIdentity> tls, NodeMetrics metrics) {
        try {
            grpc = closing(GrpcServer.start(
                    settings.grpc(),
                    settings.requestBytesMax(),
                    settings.connections(),
                    services,
                    metrics.registry(),
                    tls.map(ServerIdentity::keyManager)));
        } catch (IOException e) {
            throw cannotListen(settings.grpc(), "--port", e);
        }
    }

    private void serve(ActorSystem<?> actors, HttpRoutes routes, Optional<ServerIdentity> tls) {
        try {
            http = closing(HttpServer.start(
                    actors, settings.http(), settings.httpHead(), routes, tls.map(ServerIdentity::context)));
        } catch (IOException e) {
            throw cannotListen(settings.http(), "--http-port", e);
        }
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private <T extends AutoCloseable> T closing(T resource) {
        started.push(resource);
        if (stopRequested.getCount() == 0) {
            throw new StartFailure("The node was stopped while it started.");
        }
        return resource;
    }

    /** What {@code triptych check} needs of the drivers, without a node. */
    public static TransformationCheck transformationCheck() {
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        var memory = new DuckDbMemory(256, 1, scratch);
        var features = new DuckDbExtraction(memory);
        var keys = new DuckDbSelectedKeys(scratch, memory);
        return system -> Stream.of(features.check(system), keys.check(system))
                .flatMap(List::stream)
                .toList();
    }

    /** Why the node cannot serve everything yet, or any more; empty where it can. */
    public Optional<String> notReady() {
        return readiness.map(Readiness::problem).orElse(Optional.of("the node starts"));
    }

    /**
     * Waits until the node can serve whatever it is asked, or somebody stops it.
     *
     * @return why it is not so by then; empty where it is
     */
    public Optional<String> awaitReady(Duration atMost) throws InterruptedException {
        long until = System.nanoTime() + atMost.toNanos();
        while (notReady().isPresent() && System.nanoTime() - until < 0) {
            if (stopRequested.await(LOOK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        return notReady();
    }

    /**
     * Brings the schema of a database up to this release, without a node.
     *
     * @throws StartFailure if the database cannot be reached, or a later release has migrated it
     */
    public static void migrate(NodeSettings.Database database) {
        Databases.open(database.url(), database.user(), database.password()).close();
    }

    /** Names of the systems served, sorted. */
    public List<String> systems() {
        return systems.keySet().stream().sorted().toList();
    }

    /** {@code host:port}, as clients write it. */
    public String grpcAddress() {
        return settings.grpc().getHostString() + ":"
                + Objects.requireNonNull(grpc).port();
    }

    /** {@code host:port} of the HTTP interface. */
    public String httpAddress() {
        return settings.http().getHostString() + ":"
                + Objects.requireNonNull(http).port();
    }

    /** Where the pages are. */
    public String pages() {
        return (settings.tls().isPresent() ? "https://" : "http://") + httpAddress() + "/";
    }

    /** The node's actors, for programs that run in its process. */
    public ActorSystem<?> actors() {
        return Objects.requireNonNull(actors);
    }

    /** The database in use, the embedded one included. */
    public NodeSettings.Database database() {
        return Objects.requireNonNull(database);
    }

    public boolean isStopping() {
        return stopRequested.getCount() == 0;
    }

    /** Whether the node ended because its cluster gave it up, and not because somebody stopped it. */
    public boolean wasRemoved() {
        return removed;
    }

    /** Waits until somebody closes the node, by Ctrl-C or SIGTERM, or its cluster gives it up. */
    public void awaitStop() throws InterruptedException {
        stopRequested.await();
    }

    /** Stops everything; blocks until it has stopped. Doing it again does nothing. */
    @Override
    public void close() {
        stopRequested.countDown();
        stopAll();
    }

    private synchronized void stopAll() {
        started.close();
    }
}

package dev.triptych.inference;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.MemberStatus;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.inference.domain.DeploymentChange;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.FeatureJournal;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Provenance;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A cluster of one with entities, registry, deployments and prediction log as in production, on the journal of Akka's
 * test kit: system {@code titanic}, whose models read four inputs of a passenger.
 */
public final class TestNode implements AutoCloseable {

    public static final String SYSTEM = "titanic";
    public static final Signature SIGNATURE = new Signature(
            "passenger",
            List.of(
                    read("person", "age", FeatureType.FLOAT64),
                    read("person", "sex", FeatureType.STRING),
                    read("ticket", "class", FeatureType.INT64),
                    read("ticket", "age", FeatureType.FLOAT64)),
            Task.CLASSIFICATION,
            "outcome.survived",
            List.of("false", "true"));

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    public final ActorTestKit kit = ActorTestKit.create(
            "TestNode",
            ConfigFactory.parseString("""
                            akka.actor.provider = cluster
                            akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                            akka.cluster.roles = [feature, training, inference, gateway]
                            akka.cluster.jmx.enabled = off
                            akka.coordinated-shutdown.exit-jvm = off
                            akka.loglevel = WARNING
                            """)
                    .withFallback(PersistenceTestKitPlugin.getInstance().config())
                    .withFallback(PersistenceTestKitSnapshotPlugin.getInstance().config())
                    .withFallback(ConfigFactory.parseResources("serialization.conf"))
                    .withFallback(ConfigFactory.load())
                    .resolve());
    public final PersistenceTestKit persistence = PersistenceTestKit.create(kit.system());
    public final ScriptedModels models = new ScriptedModels();
    public final ExecutorService threads = Executors.newFixedThreadPool(4);
    public final Clock clock = Clock.systemUTC();
    public final FeatureJournal journal = this::events;
    public final LoadedVersions versions = freshVersions();

    private int logs;

    public TestNode() {
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        kit.createTestProbe().awaitAssert(PATIENCE, () -> {
            if (!cluster.selfMember().status().equals(MemberStatus.up())) {
                throw new AssertionError("the cluster is not up");
            }
            return null;
        });
        FeatureEntity.init(kit.system(), journal, clock);
        ModelRegistry.init(kit.system(), clock);
        DeploymentEntity.init(kit.system(), clock);
    }

    public ActorSystem<?> system() {
        return kit.system();
    }

    /** Knows nothing of what others have loaded. */
    public LoadedVersions freshVersions() {
        return new LoadedVersions(kit.system(), models, models, threads, 4);
    }

    /** Changes how a deployment answers, and waits until it does. */
    public List<InferenceActor.Adopted> change(Served served, DeploymentChange change) {
        var deployments = deployments(served);
        var reply = await(deployments.change(SYSTEM, served.deployment(), change, "ada", "a test", PATIENCE));
        if (!(reply instanceof DeploymentEntity.Changed)) {
            throw new AssertionError(reply.toString());
        }
        return adopt(served);
    }

    /** Waits until the deployment serves what is so now, or has said why not. */
    public List<InferenceActor.Adopted> adopt(Served served) {
        return await(deployments(served).adopt(SYSTEM, served.deployment().name(), PATIENCE));
    }

    public InferenceActor.Description describe(Served served) {
        return await(deployments(served).describe(SYSTEM, served.deployment().name(), PATIENCE))
                .getFirst();
    }

    private Deployments deployments(Served served) {
        return new Deployments(
                kit.system(), Map.of(SYSTEM + "/" + served.deployment().name(), served.actor()));
    }

    /** A deployment with a log of its own. */
    public Served serve(String model, DeploymentDefinition.Audit audit) {
        return serve(new DeploymentDefinition("live-" + model, model, "champion", audit));
    }

    /** A deployment of any kind, with a log of its own. */
    public Served serve(DeploymentDefinition deployment) {
        return serve(deployment, threads);
    }

    /** @param shadows runs shadows */
    public Served serve(DeploymentDefinition deployment, Executor shadows) {
        String log = "node-" + ++logs;
        return new Served(
                deployment,
                "prediction-log|" + log,
                kit.spawn(InferenceActor.create(
                        SYSTEM, deployment, versions, kit.spawn(PredictionLog.create(log)), threads, shadows, clock)));
    }

    /** @param log the persistence id of its log */
    public record Served(DeploymentDefinition deployment, String log, ActorRef<InferenceActor.Command> actor) {}

    public CompletionStage<InferenceActor.PredictReply> ask(Served served, InferenceActor.Instance... instances) {
        return AskPattern.ask(
                served.actor(),
                (ActorRef<InferenceActor.PredictReply> replyTo) -> new InferenceActor.Predict(
                        List.of(instances),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        replyTo::tell),
                PATIENCE,
                kit.system().scheduler());
    }

    public InferenceActor.PredictReply predict(Served served, InferenceActor.Instance... instances) {
        return await(ask(served, instances));
    }

    public static InferenceActor.Instance key(String key) {
        return new InferenceActor.Instance(Optional.of(key), Map.of());
    }

    public static InferenceActor.Instance given(Map<String, Value> features) {
        return new InferenceActor.Instance(Optional.empty(), features);
    }

    /** Writes one row of view {@code person}. */
    public void writePerson(String key, long eventMicros, double age, String sex) {
        write(key, "person", List.of("age", "sex"), "fs", eventMicros, new Value.Float64(age), new Value.Text(sex));
    }

    /** Writes one row of view {@code ticket} without an age. */
    public void writeTicket(String key, long eventMicros, long ticketClass) {
        write(key, "ticket", List.of("class"), "i", eventMicros, new Value.Int64(ticketClass));
    }

    /** Writes one row of view {@code outcome}. */
    public void writeOutcome(String key, long eventMicros, boolean survived) {
        write(key, "outcome", List.of("survived"), "b", eventMicros, new Value.Bool(survived));
    }

    private void write(String key, String view, List<String> names, String types, long eventMicros, Value... values) {
        var row = new FeatureRow(eventMicros, List.of(values));
        FeatureEntity.WriteReply reply = await(ClusterSharding.get(kit.system())
                .entityRefFor(FeatureEntity.TYPE_KEY, new EntityId(SYSTEM, "passenger", key).path())
                .ask(
                        replyTo -> new FeatureEntity.Write(
                                view, names, types, List.of(row), Optional.empty(), Optional.empty(), replyTo),
                        PATIENCE));
        if (!(reply instanceof FeatureEntity.Written)) {
            throw new AssertionError(reply.toString());
        }
    }

    /** Erases a passenger; rows of after now are taken again. */
    public void erase(String key) {
        FeatureEntity.EraseReply reply = await(ClusterSharding.get(kit.system())
                .entityRefFor(FeatureEntity.TYPE_KEY, new EntityId(SYSTEM, "passenger", key).path())
                .ask(replyTo -> new FeatureEntity.Erase("test", "test", replyTo), PATIENCE));
        if (!(reply instanceof FeatureEntity.KeyErased)) {
            throw new AssertionError(reply.toString());
        }
    }

    /** Registers a version and answers its number. */
    public int register(String model, String artifact) {
        return register(model, artifact, SIGNATURE);
    }

    /** @param signature of a version with other inputs or outputs */
    public int register(String model, String artifact, Signature signature) {
        String hash = await(models.put(artifact.getBytes(StandardCharsets.UTF_8)));
        var provenance = new Provenance("run-of-" + artifact, "", 0, "", 0, 0, 0, "scripted", Map.of(), Map.of());
        var version = new ModelVersion(
                SYSTEM + "/" + model,
                0,
                hash,
                hash,
                signature,
                Map.of(),
                Map.of(),
                Map.of(),
                provenance,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        var reply = await(ClusterSharding.get(kit.system())
                .entityRefFor(ModelRegistry.TYPE_KEY, SYSTEM + "/" + model)
                .ask(
                        (ActorRef<ModelRegistry.RegisterReply> replyTo) -> new ModelRegistry.Register(version, replyTo),
                        PATIENCE));
        return ((ModelRegistry.Registered) reply).number();
    }

    public void promote(String model, int version) {
        ModelRegistry.MoveReply reply = await(ClusterSharding.get(kit.system())
                .entityRefFor(ModelRegistry.TYPE_KEY, SYSTEM + "/" + model)
                .ask(replyTo -> new ModelRegistry.MoveAlias("champion", version, "test", "test", replyTo), PATIENCE));
        if (!(reply instanceof ModelRegistry.Moved)) {
            throw new AssertionError(reply.toString());
        }
    }

    /** Registers a version and makes it champion. */
    public int champion(String model, String artifact) {
        int number = register(model, artifact);
        promote(model, number);
        return number;
    }

    public List<PredictionsLogged> logged(Served served) {
        return persistence.persistedInStorage(served.log()).stream()
                .map(PredictionsLogged.class::cast)
                .toList();
    }

    public List<PredictionRecord> recorded(Served served) {
        return logged(served).stream()
                .flatMap(event -> event.predictions().stream())
                .toList();
    }

    private CompletionStage<List<FeatureJournal.Entry>> events(EntityId id, long toSequenceNr) {
        var entries = new ArrayList<FeatureJournal.Entry>();
        for (Object event : persistence.persistedInStorage(FeatureEntity.TYPE_KEY.name() + "|" + id.path())) {
            if (entries.size() < toSequenceNr) {
                entries.add(new FeatureJournal.Entry(entries.size() + 1L, (FeatureEvent) event));
            }
        }
        return CompletableFuture.completedStage(entries);
    }

    public static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                .join();
    }

    private static FeatureRead read(String view, String feature, FeatureType type) {
        return new FeatureRead(view, feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
        threads.shutdownNow();
    }
}

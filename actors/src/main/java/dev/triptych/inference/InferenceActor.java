package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.ReplyTo;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.ModelChanges;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Answers for one deployment on one node. Keeps the version behind the deployment's alias loaded, and changes to another
 * one between two requests: those under way end with the version they began with. A version that cannot be loaded
 * leaves the one before it in place.
 *
 * <ul>
 *   <li>starting: requests wait until it is known which version answers, or that there is none
 *   <li>serving: requests are answered by the loaded version; where there is none, with the reason
 * </ul>
 */
public final class InferenceActor extends AbstractOnMessageBehavior<InferenceActor.Command> {

    /** A request has so many instances at most. */
    public static final int INSTANCES_MAX = 1_000;

    public sealed interface Command extends CborSerializable {}

    /**
     * @param asOfMicros the instant to read features at; empty for now
     * @param version the version to answer with; empty for the one behind the alias
     * @param runId the batch run this belongs to; empty online
     * @param explain whether to tell what each input added to the prediction
     * @param replyTo on this node
     */
    public record Predict(
            List<Instance> instances,
            Optional<Long> asOfMicros,
            Optional<Integer> version,
            Optional<String> runId,
            boolean explain,
            ReplyTo<PredictReply> replyTo)
            implements Command {
        public Predict {
            instances = List.copyOf(instances);
        }
    }

    /** Which version answers now? */
    public record Describe(ActorRef<Description> replyTo) implements Command {}

    /**
     * @param settled whether it is known which version answers, or that there is none
     * @param serving the version that answers; empty where none does
     */
    public record Description(boolean settled, Optional<ModelVersion> serving) implements CborSerializable {}

    /** The alias or the version behind it may have changed: look again. */
    public record Refresh() implements Command {}

    /**
     * One row to predict.
     *
     * @param key whose features to look up; empty for raw features
     * @param given raw features by {@code view.feature} or by the feature's bare name; those left out are missing
     */
    public record Instance(Optional<String> key, Map<String, Value> given) {
        public Instance {
            given = Map.copyOf(given);
        }
    }

    public sealed interface PredictReply extends CborSerializable {}

    /** @param signature of the version that answered all of them */
    public record Predicted(Signature signature, List<Prediction> predictions) implements PredictReply {
        public Predicted {
            predictions = List.copyOf(predictions);
        }
    }

    /**
     * @param features as they were read, in the signature's order; one outside its maximum age was passed to the model
     *     all the same, and its status says so
     * @param explanation where it was asked for and can be told
     */
    public record Prediction(PredictionRecord record, List<FeatureValue> features, Optional<Explanation> explanation)
            implements CborSerializable {
        public Prediction {
            features = List.copyOf(features);
        }
    }

    /** An instance that cannot be predicted; none of the request was. */
    public record Refused(Invalid reason) implements PredictReply {}

    /** A key that was never written. */
    public record UnknownKey(String key) implements PredictReply {}

    /** No version is behind the alias yet. */
    public record NoVersion(String model, String alias) implements PredictReply {}

    /** Features or the log could not be reached in time. */
    public record Unavailable(String reason) implements PredictReply {}

    private record Changed(String modelPath) implements Command {}

    private record Registered(RegisteredModel model) implements Command {}

    private record RegistrySilent(String reason) implements Command {}

    private record Loaded(LoadedVersion version) implements Command {}

    private record NotLoaded(ModelVersion version, String reason) implements Command {}

    private record Answered(int instances) implements Command {}

    static final int REQUESTS_STASHED_MAX = 1_000;
    static final int INSTANCES_IN_FLIGHT_MAX = 10_000;

    /** A change is usually told; where the telling was lost, this is how long it stays unnoticed. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);

    /** So many unanswered questions mean that the registry is away; requests that came first wait for that long. */
    private static final int QUESTIONS_UNANSWERED_MAX = 3;

    private final DeploymentDefinition deployment;
    private final String modelPath;
    private final LoadedVersions versions;
    private final PredictionFlow flow;
    private final StashBuffer<Command> stash;

    private boolean starting = true;
    private boolean refreshing;
    private boolean refreshAgain;
    private int questionsUnanswered;
    private @Nullable LoadedVersion serving;

    /** Why nothing is served; meaningless while something is. */
    private PredictReply nothingServed;

    private int unloadableVersion;
    private int instancesInFlight;

    private InferenceActor(
            ActorContext<Command> context,
            StashBuffer<Command> stash,
            String system,
            DeploymentDefinition deployment,
            LoadedVersions versions,
            PredictionFlow flow) {
        super(context);
        this.stash = stash;
        this.deployment = deployment;
        this.modelPath = system + "/" + deployment.model();
        this.versions = versions;
        this.flow = flow;
        this.nothingServed = new NoVersion(deployment.model(), deployment.alias());
    }

    /**
     * @param system the deployment's system, by name
     * @param versions loaded on this node, shared with its other deployments
     * @param log of this node
     * @param evaluation runs predictors, which take milliseconds a row
     */
    public static Behavior<Command> create(
            String system,
            DeploymentDefinition deployment,
            LoadedVersions versions,
            ActorRef<PredictionLog.Command> log,
            Executor evaluation,
            Clock clock) {
        Behavior<Command> behavior = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> Behaviors.withStash(REQUESTS_STASHED_MAX, stash -> {
                    var flow = new PredictionFlow(
                            context.getSystem(),
                            system,
                            deployment,
                            log,
                            evaluation,
                            new PredictionIds(clock, new SecureRandom()),
                            clock);
                    var actor = new InferenceActor(context, stash, system, deployment, versions, flow);
                    actor.listen();
                    timers.startTimerWithFixedDelay(new Refresh(), Duration.ZERO, REFRESH_INTERVAL);
                    return actor;
                })));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart());
    }

    private void listen() {
        ModelChanges.get(getContext().getSystem())
                .subscribe(getContext()
                        .messageAdapter(ModelChanges.ModelChanged.class, changed -> new Changed(changed.model())));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Predict predict when starting -> onEarly(predict);
            case Predict predict -> onPredict(predict);
            case Describe(var replyTo) -> {
                replyTo.tell(
                        new Description(!starting, Optional.ofNullable(serving).map(LoadedVersion::version)));
                yield this;
            }
            case Answered(int instances) -> {
                instancesInFlight -= instances;
                yield this;
            }
            case Refresh refresh -> onRefresh();
            case Changed(var changed) when changed.equals(modelPath) -> onRefresh();
            case Changed other -> this;
            case Registered(var model) -> onRegistered(model);
            case RegistrySilent(var reason) -> onSilence(reason);
            case Loaded(var version) -> onLoaded(version);
            case NotLoaded(var version, var reason) -> onNotLoaded(version, reason);
        };
    }

    private Behavior<Command> onEarly(Predict predict) {
        if (stash.isFull()) {
            predict.replyTo().tell(new Unavailable(deployment.name() + " is loading its first version"));
        } else {
            stash.stash(predict);
        }
        return this;
    }

    private Behavior<Command> onPredict(Predict predict) {
        int size = predict.instances().size();
        if (size == 0 || size > INSTANCES_MAX) {
            predict.replyTo().tell(new Refused(new Invalid("instances", size + " instances", "1 to " + INSTANCES_MAX)));
        } else if (instancesInFlight + size > INSTANCES_IN_FLIGHT_MAX) {
            predict.replyTo()
                    .tell(new Unavailable(deployment.name() + " is busy: " + instancesInFlight
                            + " predictions are under way (expected: at most " + INSTANCES_IN_FLIGHT_MAX + ")"));
        } else if (predict.version().isPresent()) {
            begin(predict, versions.find(modelPath, predict.version().get()));
        } else if (serving != null) {
            begin(predict, CompletableFuture.completedStage(serving));
        } else {
            predict.replyTo().tell(nothingServed);
        }
        return this;
    }

    private void begin(Predict predict, CompletionStage<LoadedVersion> version) {
        int size = predict.instances().size();
        instancesInFlight += size;
        ActorRef<Command> self = getContext().getSelf();
        flow.answer(predict, version).thenAccept(reply -> {
            predict.replyTo().tell(reply);
            self.tell(new Answered(size));
        });
    }

    private Behavior<Command> onRefresh() {
        if (refreshing) {
            refreshAgain = true;
            return this;
        }
        refreshing = true;
        getContext()
                .pipeToSelf(
                        versions.registered(modelPath),
                        (model, failure) ->
                                failure == null ? new Registered(model) : new RegistrySilent(Causes.message(failure)));
        return this;
    }

    private Behavior<Command> onRegistered(RegisteredModel model) {
        questionsUnanswered = 0;
        Optional<ModelVersion> behind = model.behind(deployment.alias());
        if (behind.isEmpty()) {
            nothingServed = new NoVersion(deployment.model(), deployment.alias());
            return refreshed();
        }
        if (serving != null && serving.version().number() == behind.get().number()) {
            return refreshed();
        }
        getContext()
                .pipeToSelf(
                        versions.load(behind.get()),
                        (loaded, failure) -> failure == null
                                ? new Loaded(loaded)
                                : new NotLoaded(behind.get(), Causes.message(failure)));
        return this;
    }

    private Behavior<Command> onSilence(String reason) {
        questionsUnanswered++;
        // One silence heals itself, and is usual while nodes come and go.
        if (questionsUnanswered == QUESTIONS_UNANSWERED_MAX) {
            getContext().getLog().warn("The registry does not answer for {}: {}", modelPath, reason);
        }
        if (starting && questionsUnanswered < QUESTIONS_UNANSWERED_MAX) {
            refreshing = false;
            return onRefresh();
        }
        nothingServed = new Unavailable("the model registry does not answer: " + reason);
        return refreshed();
    }

    private Behavior<Command> onLoaded(LoadedVersion loaded) {
        serving = loaded;
        unloadableVersion = 0;
        getContext()
                .getLog()
                .info(
                        "Deployment {} serves version {} of {}",
                        deployment.name(),
                        loaded.version().number(),
                        modelPath);
        return refreshed();
    }

    private Behavior<Command> onNotLoaded(ModelVersion version, String reason) {
        nothingServed = new Unavailable("version " + version.number() + " cannot be loaded: " + reason);
        // Each refresh tries again, and says so once.
        if (unloadableVersion != version.number()) {
            unloadableVersion = version.number();
            getContext()
                    .getLog()
                    .error(
                            "Deployment {} cannot load version {} of {} and goes on with {}: {}",
                            deployment.name(),
                            version.number(),
                            modelPath,
                            serving == null
                                    ? "none"
                                    : "version " + serving.version().number(),
                            reason);
        }
        return refreshed();
    }

    private Behavior<Command> refreshed() {
        refreshing = false;
        if (refreshAgain) {
            refreshAgain = false;
            onRefresh();
        }
        if (starting) {
            starting = false;
            return stash.unstashAll(this);
        }
        return this;
    }
}

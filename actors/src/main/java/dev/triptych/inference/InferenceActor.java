package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.typed.Cluster;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Causes;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import dev.triptych.kernel.ReplyTo;
import dev.triptych.store.Tenure;
import dev.triptych.store.features.domain.FeatureValue;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.LoadedVersions;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import dev.triptych.store.models.ModelChanges;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.Signature;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers for one deployment on one node. Keeps the versions that its routes lead to loaded and warm, and changes to
 * others between two requests: those under way end with the version they began with. A version that cannot be loaded
 * leaves the ones before it in place.
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

    /** Never leaves the node. */
    public non-sealed interface Local extends Command {}

    /**
     * @param asOfMicros the instant to read features at; empty for now
     * @param version the version to answer with, whatever the routes say, and without shadows; empty for the routes'
     * @param runId the batch run this belongs to; empty online
     * @param explain whether to tell what each input added to the prediction
     * @param trace that the request belongs to, see {@link dev.triptych.store.Traces}; empty for none
     * @param replyTo on this node
     */
    public record Predict(
            List<Instance> instances,
            Optional<Long> asOfMicros,
            Optional<Integer> version,
            Optional<String> runId,
            boolean explain,
            Optional<String> trace,
            ReplyTo<PredictReply> replyTo)
            implements Local {
        public Predict {
            instances = List.copyOf(instances);
        }
    }

    /** The same, asked on another node. */
    public record PredictThere(
            List<Instance> instances,
            Optional<Long> asOfMicros,
            Optional<Integer> version,
            Optional<String> runId,
            boolean explain,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> trace,
            ActorRef<PredictReply> replyTo)
            implements Command {
        public PredictThere {
            instances = List.copyOf(instances);
        }

        private Predict here() {
            return new Predict(instances, asOfMicros, version, runId, explain, trace, replyTo::tell);
        }
    }

    /** This node is about to leave: others are to ask elsewhere. What is asked here is answered to the end. */
    public record Retire() implements Local {}

    /** Which version answers now? */
    public record Describe(ActorRef<Description> replyTo) implements Command {}

    /**
     * @param settled whether it is known which version answers, or that there is none
     * @param serving the version that answers, where there are several the one with most of the traffic; empty where
     *     none does
     * @param node address of the node that says so
     * @param routes what answers now
     * @param shadows what is evaluated beside the answers now
     * @param problem why that is not what should be served; empty where it is
     */
    public record Description(
            boolean settled,
            Optional<ModelVersion> serving,
            String node,
            List<Served> routes,
            List<Served> shadows,
            Optional<String> problem)
            implements CborSerializable {}

    /**
     * @param to the route's target
     * @param weight percent of the keys; 0 for a shadow
     * @param evaluatedBy what computes its predictions
     */
    public record Served(String to, int weight, int version, String evaluatedBy) implements CborSerializable {}

    /** The routes or the versions behind them may have changed: look again. */
    public record Refresh() implements Command {}

    /** Look again, and say when everything that was so before is served, or why it is not. */
    public record Adopt(ActorRef<Adopted> replyTo) implements Command {}

    /**
     * @param node address of the node
     * @param problem why it does not serve what it should; empty where it does
     */
    public record Adopted(String node, Optional<String> problem) implements CborSerializable {}

    /**
     * One row to predict.
     *
     * @param key whose features to look up; empty for raw features
     * @param given raw features by {@code view.feature} or by the feature's bare name; those left out are missing. Null
     *     stands for {@link Value.Null}, which is how it arrives from another node.
     */
    public record Instance(Optional<String> key, Map<String, Value> given) {
        public Instance {
            var held = new HashMap<>(given);
            held.replaceAll((name, value) -> value == null ? Value.Null.NULL : value);
            given = Collections.unmodifiableMap(held);
        }
    }

    public sealed interface PredictReply extends CborSerializable {}

    /** All of the request's instances, in order. */
    public record Predicted(List<Prediction> predictions) implements PredictReply {
        public Predicted {
            predictions = List.copyOf(predictions);
        }
    }

    /**
     * @param signature of the version that answered
     * @param features as they were read, in the signature's order; one outside its maximum age was passed to the model
     *     all the same, and its status says so
     * @param explanation where it was asked for and can be told
     * @param warnings sentences; of features outside their maximum age, where the deployment warns of them
     */
    public record Prediction(
            PredictionRecord record,
            Signature signature,
            List<FeatureValue> features,
            Optional<Explanation> explanation,
            List<String> warnings)
            implements CborSerializable {
        public Prediction {
            features = List.copyOf(features);
            warnings = List.copyOf(warnings);
        }
    }

    /** An instance that cannot be predicted; none of the request was. */
    public record Refused(Invalid reason) implements PredictReply {}

    /** A key that was never written. */
    public record UnknownKey(String key) implements PredictReply {}

    /**
     * A row has features outside their maximum age, and the deployment refuses those; none of the request was predicted.
     *
     * @param features sentences
     */
    public record TooOld(String key, List<String> features) implements PredictReply {
        public TooOld {
            features = List.copyOf(features);
        }

        public String message() {
            return "key " + key + ": " + String.join("; ", features)
                    + " (expected: fresher features, or a deployment whose rule for stale ones is warn or allow)";
        }
    }

    /** The deployment's deadline has passed. The prediction may be on record all the same. */
    public record TooLate(Duration deadline) implements PredictReply {
        public String message() {
            return "not predicted within the deployment's deadline of " + deadline.toMillis() + " ms";
        }
    }

    /** No version is behind the alias yet; or of this number, where it is one. */
    public record NoVersion(String model, String alias) implements PredictReply {}

    /** Features or the log could not be reached in time. */
    public record Unavailable(String reason) implements PredictReply {}

    private record Changed(String modelPath) implements Local {}

    private record Looked(RouteLookup.Found found) implements Local {}

    private record Answered(int instances) implements Local {}

    static final int REQUESTS_STASHED_MAX = 1_000;
    /** A change is usually told; where the telling was lost, this is how long it stays unnoticed. */
    private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);

    /** So many unanswered questions mean that the registry is away; requests that came first wait for that long. */
    private static final int QUESTIONS_UNANSWERED_MAX = 3;

    private final DeploymentDefinition deployment;
    private final String path;
    private final String modelPath;
    private final Tenure tenure;
    private final LoadedVersions versions;
    private final RouteLookup lookup;
    private final PredictionFlow flow;
    private final SplitPredictions split;
    private final Shadowing shadowing;
    private final StashBuffer<Command> stash;
    private final AnswerTimes.OfDeployment times;

    private boolean starting = true;
    private boolean refreshing;
    private boolean refreshAgain;
    private int questionsUnanswered;
    private @Nullable RouteTable serving;

    /** Why nothing is served; meaningless while something is. */
    private PredictReply nothingServed;

    /** Why what is served is not what should be. */
    private Optional<String> problem = Optional.empty();

    /** Who waits for the look under way, and who for the one after it. */
    private List<ActorRef<Adopted>> adopting = new ArrayList<>();

    private List<ActorRef<Adopted>> adoptingNext = new ArrayList<>();

    private int instancesInFlight;

    private InferenceActor(
            ActorContext<Command> context,
            StashBuffer<Command> stash,
            String system,
            DeploymentDefinition deployment,
            LoadedVersions versions,
            RouteLookup lookup,
            PredictionFlow flow,
            Shadowing shadowing) {
        super(context);
        this.stash = stash;
        this.deployment = deployment;
        this.path = system + "/" + deployment.name();
        this.modelPath = system + "/" + deployment.model();
        this.tenure = Tenure.get(context.getSystem());
        this.versions = versions;
        this.lookup = lookup;
        this.flow = flow;
        this.split = new SplitPredictions(flow);
        this.shadowing = shadowing;
        this.times = AnswerTimes.get(context.getSystem()).of(system + "/" + deployment.name());
        this.nothingServed = new NoVersion(deployment.model(), deployment.alias());
    }

    /**
     * @param system the deployment's system, by name
     * @param versions loaded on this node, shared with its other deployments
     * @param log of this node
     * @param evaluation runs predictors, which take milliseconds a row
     * @param shadows runs those whose predictions nobody waits for
     */
    public static Behavior<Command> create(
            String system,
            DeploymentDefinition deployment,
            LoadedVersions versions,
            ActorRef<PredictionLog.Command> log,
            Executor evaluation,
            Executor shadows,
            Clock clock) {
        Behavior<Command> behavior = Behaviors.setup(context ->
                Behaviors.withTimers(timers -> Behaviors.withStash(REQUESTS_STASHED_MAX, stash -> {
                    var ids = new PredictionIds(clock, new SecureRandom());
                    var flow = new PredictionFlow(context.getSystem(), system, deployment, log, evaluation, ids, clock);
                    var lookup = new RouteLookup(context.getSystem(), system, deployment, versions, evaluation);
                    var shadowing = new Shadowing(context.getSystem(), log, shadows, ids, clock);
                    var actor =
                            new InferenceActor(context, stash, system, deployment, versions, lookup, flow, shadowing);
                    actor.listen();
                    timers.startTimerWithFixedDelay(new Refresh(), Duration.ZERO, REFRESH_INTERVAL);
                    return actor;
                })));
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart());
    }

    private void listen() {
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.register(Deployments.key(path), getContext().getSelf()));
        ModelChanges.get(getContext().getSystem())
                .subscribe(getContext()
                        .messageAdapter(ModelChanges.ModelChanged.class, changed -> new Changed(changed.model())));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Predict predict when starting -> onEarly(predict);
            case Predict predict -> onPredict(predict);
            case PredictThere there -> onMessage(there.here());
            case Retire retire -> onRetire();
            case Describe(var replyTo) -> {
                replyTo.tell(description());
                yield this;
            }
            case Adopt(var replyTo) -> {
                adoptingNext.add(replyTo);
                yield onRefresh();
            }
            case Answered(int instances) -> {
                instancesInFlight -= instances;
                yield this;
            }
            case Refresh refresh -> onRefresh();
            case Changed(var changed) when changed.equals(modelPath) -> onRefresh();
            case Changed other -> this;
            case Looked(var found) -> onLooked(found);
            case Local others -> this;
        };
    }

    private Behavior<Command> onRetire() {
        getContext()
                .getSystem()
                .receptionist()
                .tell(Receptionist.deregister(
                        Deployments.key(path), getContext().getSelf()));
        return this;
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
            return this;
        }
        if (!tenure.holds()) {
            // Routes and features may have moved on without this node.
            predict.replyTo().tell(new Unavailable("this node is out of touch with its cluster's database"));
            return this;
        }
        ServingRules rules = serving == null ? deployment.rules() : serving.rules();
        int inFlightMax = rules.limits().instancesInFlight();
        if (predict.runId().isEmpty() && instancesInFlight + size > inFlightMax) {
            predict.replyTo()
                    .tell(new Unavailable(deployment.name() + " is busy: " + instancesInFlight
                            + " predictions are under way (expected: at most " + inFlightMax + " with this one)"));
        } else if (predict.version().isPresent()) {
            CompletionStage<LoadedVersion> version =
                    versions.find(modelPath, predict.version().get());
            begin(predict, flow.answer(predict, version, rules), rules, List.of());
        } else if (serving == null) {
            predict.replyTo().tell(nothingServed);
        } else if (serving.only() != null) {
            CompletionStage<LoadedVersion> version = CompletableFuture.completedStage(serving.only());
            begin(predict, flow.answer(predict, version, rules), rules, serving.shadows());
        } else {
            begin(predict, split.answer(predict, serving), rules, serving.shadows());
        }
        return this;
    }

    private void begin(
            Predict predict, CompletionStage<PredictReply> answer, ServingRules rules, List<LoadedVersion> shadows) {
        // A batch run has a bound of its own, and takes no room from callers who wait.
        int size = predict.runId().isEmpty() ? predict.instances().size() : 0;
        instancesInFlight += size;
        long begun = System.nanoTime();
        ActorRef<Command> self = getContext().getSelf();
        Optional<Duration> deadline = rules.limits().deadline();
        // A batch run has all the time it needs.
        if (deadline.isEmpty() || predict.runId().isPresent()) {
            answer.thenAccept(reply -> {
                reply(predict, reply, shadows, begun);
                self.tell(new Answered(size));
            });
            return;
        }
        // What is late goes on, and counts as in flight until it ends.
        answer.thenAccept(reply -> self.tell(new Answered(size)));
        answer.toCompletableFuture()
                .copy()
                .completeOnTimeout(new TooLate(deadline.get()), deadline.get().toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(reply -> reply(predict, reply, shadows, begun));
    }

    private void reply(Predict predict, PredictReply reply, List<LoadedVersion> shadows, long begun) {
        predict.replyTo().tell(reply);
        if (predict.runId().isEmpty()) {
            times.answered(begun);
        }
        if (!shadows.isEmpty() && reply instanceof Predicted predicted) {
            shadowing.beside(predicted.predictions(), shadows);
        }
    }

    private Behavior<Command> onRefresh() {
        if (refreshing) {
            refreshAgain = true;
            return this;
        }
        refreshing = true;
        adopting.addAll(adoptingNext);
        adoptingNext = new ArrayList<>();
        getContext()
                .pipeToSelf(
                        lookup.look(serving),
                        (found, failure) ->
                                new Looked(failure == null ? found : new RouteLookup.Silent(Causes.message(failure))));
        return this;
    }

    private Behavior<Command> onLooked(RouteLookup.Found found) {
        if (found instanceof RouteLookup.Silent(var reason)) {
            return onSilence(reason);
        }
        questionsUnanswered = 0;
        switch (found) {
            case RouteLookup.Ready(var table, var left) -> serve(table, left);
            case RouteLookup.NoVersion(var rules, var to) -> {
                nothingServed = new NoVersion(deployment.model(), to);
                // Before the first training there is nothing wrong.
                keep(rules, "no version of " + deployment.model() + " is behind " + to, serving != null);
            }
            case RouteLookup.Unloadable(var rules, var reason) -> {
                nothingServed = new Unavailable(reason);
                keep(rules, reason, true);
            }
            case RouteLookup.Silent unreachable -> {}
        }
        return refreshed();
    }

    private void serve(RouteTable table, Optional<String> left) {
        if (serving == null || !table.servesAs(serving)) {
            getContext().getLog().info("Deployment {} of {} serves {}", deployment.name(), modelPath, table);
        }
        left.filter(told -> !left.equals(problem))
                .ifPresent(told -> getContext().getLog().error("Deployment {}: {}", deployment.name(), told));
        serving = table;
        problem = left;
    }

    /** Goes on with the versions there are; each look tries again, and says so once. */
    private void keep(ServingRules rules, String reason, boolean wrong) {
        serving = serving == null ? null : serving.under(rules);
        if (wrong && !problem.equals(Optional.of(reason))) {
            getContext()
                    .getLog()
                    .error(
                            "Deployment {} of {} goes on with {}: {}",
                            deployment.name(),
                            modelPath,
                            serving == null ? "none" : serving,
                            reason);
        }
        problem = Optional.of(reason);
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
        problem = Optional.of("the model registry does not answer: " + reason);
        return refreshed();
    }

    private Behavior<Command> refreshed() {
        refreshing = false;
        var adopted = new Adopted(node(getContext().getSystem()), problem);
        adopting.forEach(waiting -> waiting.tell(adopted));
        adopting = new ArrayList<>();
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

    private Description description() {
        Optional<RouteTable> now = Optional.ofNullable(serving);
        return new Description(
                !starting,
                now.map(table -> table.main().version()),
                node(getContext().getSystem()),
                now.map(RouteTable::served).orElse(List.of()),
                now.map(RouteTable::shadowed).orElse(List.of()),
                problem);
    }

    /** How a node is called, to tell it from others. */
    static String node(ActorSystem<?> actors) {
        return Cluster.get(actors).selfMember().address().hostPort();
    }
}

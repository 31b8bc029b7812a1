package dev.triptych.runtime;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import dev.triptych.inference.InferenceActor;
import dev.triptych.store.JournalTailer;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.Tenure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Whether the node can serve whatever it is asked, and if not, why: it is a member of a cluster that has every role, hears
 * the journal's tailer, and knows which versions answer. Never again once it is about to stop. Thread-safe.
 */
final class Readiness implements AutoCloseable {

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private sealed interface Message {}

    private record Look() implements Message {}

    private record Tailers(boolean any) implements Message {}

    private record Described(String deployment, InferenceActor.Description description) implements Message {}

    private final Consumer<Boolean> told;
    private volatile Optional<String> problem = Optional.of("the node has not looked around yet");
    private volatile boolean stopping;

    private Readiness(Consumer<Boolean> told) {
        this.told = told;
    }

    /**
     * @param deployments of this node, by {@code system/deployment}
     * @param told whenever the answer changes
     */
    static Readiness watch(
            ActorSystem<?> actors, Map<String, ActorRef<InferenceActor.Command>> deployments, Consumer<Boolean> told) {
        var readiness = new Readiness(told);
        actors.systemActorOf(
                Behaviors.setup((ActorContext<Message> context) -> readiness.new Watching(context, deployments)),
                "readiness",
                Props.empty());
        return readiness;
    }

    /** Why the node is not ready; empty where it is. */
    Optional<String> problem() {
        return problem;
    }

    boolean holds() {
        return problem.isEmpty();
    }

    private synchronized void found(Optional<String> now) {
        if (stopping) {
            return;
        }
        boolean changed = now.isPresent() != problem.isPresent();
        problem = now;
        if (changed) {
            told.accept(now.isEmpty());
        }
    }

    /** The node is about to stop: clients are to go elsewhere. */
    @Override
    public synchronized void close() {
        found(Optional.of("the node stops"));
        stopping = true;
    }

    private final class Watching extends AbstractOnMessageBehavior<Message> {
        private final Map<String, ActorRef<InferenceActor.Command>> deployments;
        private final Map<String, Boolean> settled = new HashMap<>();
        private boolean tailer;

        Watching(ActorContext<Message> context, Map<String, ActorRef<InferenceActor.Command>> deployments) {
            super(context);
            this.deployments = Map.copyOf(deployments);
            ActorRef<Receptionist.Listing> listings = context.messageAdapter(
                    Receptionist.Listing.class,
                    listing -> new Tailers(!listing.getServiceInstances(JournalTailer.SERVICE_KEY)
                            .isEmpty()));
            context.getSystem().receptionist().tell(Receptionist.subscribe(JournalTailer.SERVICE_KEY, listings));
            look();
        }

        @Override
        public Behavior<Message> onMessage(Message message) {
            switch (message) {
                case Look look -> look();
                case Tailers(boolean any) -> tailer = any;
                case Described(var deployment, var description) -> settled.put(deployment, description.settled());
            }
            found(why());
            return this;
        }

        private void look() {
            deployments.forEach((path, actor) -> {
                if (!settled.getOrDefault(path, false)) {
                    actor.tell(new InferenceActor.Describe(getContext()
                            .messageAdapter(
                                    InferenceActor.Description.class,
                                    description -> new Described(path, description))));
                }
            });
            getContext().scheduleOnce(LOOK_INTERVAL, getContext().getSelf(), new Look());
        }

        private Optional<String> why() {
            ActorSystem<?> system = getContext().getSystem();
            if (!Cluster.get(system).selfMember().status().equals(MemberStatus.up())) {
                return Optional.of("the node is not a member of its cluster");
            }
            if (!Tenure.get(system).holds()) {
                return Optional.of("the node is out of touch with its cluster's database");
            }
            Optional<String> missing = Stream.of(NodeRoles.FEATURE, NodeRoles.TRAINING, NodeRoles.INFERENCE)
                    .filter(role -> !PatientAsk.hasRole(system, role))
                    .findFirst();
            if (missing.isPresent()) {
                return missing.map(role -> "no node of role " + role + " is in the cluster");
            }
            if (!tailer) {
                return Optional.of("the journal's tailer is not to be found");
            }
            return deployments.keySet().stream()
                    .filter(path -> !settled.getOrDefault(path, false))
                    .findFirst()
                    .map(path -> "deployment " + path + " is loading its versions");
        }
    }
}

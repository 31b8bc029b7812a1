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
import dev.triptych.inference.PredictionLog;
import dev.triptych.store.JournalTailer;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.Tenure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Whether the node can serve whatever it is asked, and if not, why: it is a member of a cluster that has every role, hears
 * the journal's tailer, knows which versions answer, and can record what they do. Never again once it is about to stop. Thread-safe.
 */
final class Readiness implements AutoCloseable {

    private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

    private sealed interface Message {}

    private record Look() implements Message {}

    private record Tailers(boolean any) implements Message {}

    private record Recording(boolean can) implements Message {}

    private record Described(String deployment, InferenceActor.Description description) implements Message {}

    private final Consumer<Boolean> told;
    private volatile Optional<String> problem = Optional.of("the node has not looked around yet");
    private volatile boolean stopping;

    private Readiness(Consumer<Boolean> told) {
        this.told = told;
    }

    /**
     * @param deployments of this node, by {@code system/deployment}
     * @param log of this node; empty where it does not predict
     * @param told whenever the answer changes
     */
    static Readiness watch(
            ActorSystem<?> actors,
            Map<String, ActorRef<InferenceActor.Command>> deployments,
            Optional<ActorRef<PredictionLog.Command>> log,
            Consumer<Boolean> told) {
        var readiness = new Readiness(told);
        actors.systemActorOf(
                Behaviors.setup((ActorContext<Message> context) -> readiness.new Watching(context, deployments, log)),
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
        private final Optional<ActorRef<PredictionLog.Command>> log;
        private boolean tailer;
        private boolean recording;

        Watching(
                ActorContext<Message> context,
                Map<String, ActorRef<InferenceActor.Command>> deployments,
                Optional<ActorRef<PredictionLog.Command>> log) {
            super(context);
            this.deployments = Map.copyOf(deployments);
            this.log = log;
            this.recording = log.isEmpty();
            askLog();
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
                // It moves with each node that leaves, and what needs it waits: all nodes would be away meanwhile.
                case Tailers(boolean any) -> tailer |= any;
                case Recording(boolean can) -> {
                    recording = can;
                    if (!can) {
                        askLog();
                    }
                }
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

        /** No predictions at all are committed once the log has read where it ended; the log gives up in seconds. */
        private void askLog() {
            ActorRef<Message> self = getContext().getSelf();
            log.ifPresent(actor -> actor.tell(new PredictionLog.Append(
                    List.of(),
                    PredictionLog.Acknowledge.COMMITTED,
                    reply -> self.tell(new Recording(reply instanceof PredictionLog.Appended)))));
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
            if (!recording) {
                return Optional.of("the node reads where its prediction log ended");
            }
            return deployments.keySet().stream()
                    .filter(path -> !settled.getOrDefault(path, false))
                    .findFirst()
                    .map(path -> "deployment " + path + " is loading its versions");
        }
    }
}

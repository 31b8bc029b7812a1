package dev.triptych.inference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractOnMessageBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.ReplyTo;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The record of every prediction of one node. Commits in groups: what arrives while a commit is under way goes into the
 * next one, so that the load decides how many predictions share a commit.
 *
 * <p>Where a commit takes longer than {@link #COMMIT_TIMEOUT}, whoever waits for it is told so. The predictions may have
 * been recorded all the same, and those that were acknowledged before are written again: a prediction can be in the log
 * twice, under one id.
 */
public final class PredictionLog extends AbstractOnMessageBehavior<PredictionLog.Command> {

    public sealed interface Command {}

    /**
     * Records predictions, all of them or none. None at all wait for those before them.
     *
     * @param when to acknowledge
     * @param replyTo on this node
     */
    public record Append(List<PredictionRecord> predictions, Acknowledge when, ReplyTo<AppendReply> replyTo)
            implements Command {
        public Append {
            predictions = List.copyOf(predictions);
        }
    }

    public enum Acknowledge {
        /** At once; a crash of the node loses the last moments. */
        BUFFERED,
        /** When a crash of the node can no longer take them away. */
        COMMITTED
    }

    public sealed interface AppendReply {}

    public record Appended() implements AppendReply {}

    /** Not recorded, or not in time; try again later. */
    public record NotAppended(String reason) implements AppendReply {}

    private record CommitDone(long number) implements Command {}

    private record CommitTooLate(long number) implements Command {}

    static final int PREDICTIONS_WAITING_MAX = 20_000;
    static final int PREDICTIONS_PER_COMMIT_MAX = 5_000;
    static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);

    private static final String TIMEOUT = "commit";

    private final TimerScheduler<Command> timers;
    private final ActorRef<PredictionLogWriter.Commit> writer;
    private final ActorRef<PredictionLogWriter.Committed> committed;

    private final Deque<Append> waiting = new ArrayDeque<>();
    private int predictionsWaiting;

    /** Empty while nothing is under way. */
    private List<Append> underWay = List.of();

    private long commitNumber;

    private PredictionLog(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<PredictionLogWriter.Commit> writer) {
        super(context);
        this.timers = timers;
        this.writer = writer;
        this.committed =
                context.messageAdapter(PredictionLogWriter.Committed.class, done -> new CommitDone(done.number()));
    }

    /** @param node names the log; the same after a restart, and never of two nodes at once */
    public static Behavior<Command> create(String node) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
                new PredictionLog(context, timers, context.spawn(PredictionLogWriter.create(node), "writer"))));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Append append -> onAppend(append);
            case CommitDone(long number) when number == commitNumber -> onDone();
            case CommitDone late -> getContext().getLog().debug("Commit {} ended after its time", late.number());
            case CommitTooLate(long number) when number == commitNumber -> onTooLate();
            case CommitTooLate stale -> {}
        }
        return this;
    }

    private void onAppend(Append append) {
        int size = append.predictions().size();
        if (predictionsWaiting + size > PREDICTIONS_WAITING_MAX) {
            append.replyTo()
                    .tell(new NotAppended("the prediction log is full: " + predictionsWaiting
                            + " predictions wait to be recorded (expected: at most " + PREDICTIONS_WAITING_MAX + ")"));
            return;
        }
        waiting.add(append);
        predictionsWaiting += size;
        if (append.when() == Acknowledge.BUFFERED) {
            append.replyTo().tell(new Appended());
        }
        if (underWay.isEmpty()) {
            commit();
        }
    }

    private void commit() {
        var group = new ArrayList<Append>();
        var predictions = new ArrayList<PredictionRecord>();
        while (!waiting.isEmpty() && predictions.size() < PREDICTIONS_PER_COMMIT_MAX) {
            Append next = waiting.remove();
            group.add(next);
            predictions.addAll(next.predictions());
        }
        predictionsWaiting -= predictions.size();
        underWay = group;
        if (!group.isEmpty()) {
            commitNumber++;
            timers.startSingleTimer(TIMEOUT, new CommitTooLate(commitNumber), COMMIT_TIMEOUT);
            writer.tell(new PredictionLogWriter.Commit(commitNumber, predictions, committed));
        }
    }

    private void onDone() {
        timers.cancel(TIMEOUT);
        List<Append> done = underWay;
        // The next commit does not wait until everybody has been answered.
        commit();
        answer(done, new Appended());
    }

    /** What is waiting would wait as long again, so it is answered as well. */
    private void onTooLate() {
        var reason = "the prediction log was not committed within " + COMMIT_TIMEOUT.toSeconds() + " s";
        getContext().getLog().warn("{}; {} predictions are waiting", reason, predictionsWaiting);
        var unanswered = new ArrayList<>(underWay);
        unanswered.addAll(waiting);
        answer(unanswered, new NotAppended(reason));

        waiting.clear();
        predictionsWaiting = 0;
        for (Append append : unanswered) {
            if (append.when() == Acknowledge.BUFFERED) {
                waiting.add(append);
                predictionsWaiting += append.predictions().size();
            }
        }
        commit();
    }

    private static void answer(List<Append> appends, AppendReply reply) {
        for (Append append : appends) {
            if (append.when() == Acknowledge.COMMITTED) {
                append.replyTo().tell(reply);
            }
        }
    }
}

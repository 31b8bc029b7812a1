package dev.triptych.store;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.Props;
import akka.actor.typed.pubsub.Topic;
import dev.triptych.kernel.CborSerializable;
import java.util.List;

/**
 * Tells every node what of the journal was just projected, in few words.
 *
 * <p>A topic: each subscriber in the cluster hears of a move at most once, and may miss some while nodes come and go. A
 * move is a hint that something is new. Where the projection is made again from the beginning, all is told again.
 */
public final class JournalMoves implements Extension {

    private static final ExtensionId<JournalMoves> ID = new ExtensionId<>() {
        @Override
        public JournalMoves createExtension(ActorSystem<?> system) {
            return new JournalMoves(system);
        }
    };

    /** Whose events they are. */
    public enum Kind {
        /** {@code system/entity/view}; the count is of rows. */
        ROWS,
        /** {@code system/deployment}; the count is of predictions, shadows among them. */
        PREDICTIONS,
        /** {@code system/model} */
        MODEL,
        /** {@code system/deployment} */
        DEPLOYMENT,
        /** Of all systems; no path. */
        ALERTS
    }

    /**
     * @param path whose, by its kind
     * @param count so many
     */
    public record Move(Kind kind, String path, long count) {}

    public record Moved(List<Move> moves) implements CborSerializable {
        public Moved {
            moves = List.copyOf(moves);
        }
    }

    private final ActorRef<Topic.Command<Moved>> topic;

    private JournalMoves(ActorSystem<?> system) {
        topic = system.systemActorOf(Topic.create(Moved.class, "journal-moved"), "journal-moved", Props.empty());
    }

    /** One for each actor system. */
    public static JournalMoves get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** From now on; it ends by itself with the subscriber. */
    public void subscribe(ActorRef<Moved> subscriber) {
        topic.tell(Topic.subscribe(subscriber));
    }

    void publish(List<Move> moves) {
        if (!moves.isEmpty()) {
            topic.tell(Topic.publish(new Moved(moves)));
        }
    }
}

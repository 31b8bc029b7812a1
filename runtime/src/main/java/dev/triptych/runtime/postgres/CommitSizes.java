package dev.triptych.runtime.postgres;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.util.function.IntConsumer;

/** Tells whoever wants to know how many events each commit of the journal held. */
public final class CommitSizes implements Extension {

    private static final ExtensionId<CommitSizes> ID = new ExtensionId<>() {
        @Override
        public CommitSizes createExtension(ActorSystem<?> system) {
            return new CommitSizes();
        }
    };

    private volatile IntConsumer listener = events -> {};

    private CommitSizes() {}

    public static CommitSizes get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** @param listener called on the journal's threads; one at a time is told */
    public void tell(IntConsumer listener) {
        this.listener = listener;
    }

    void committed(int events) {
        listener.accept(events);
    }
}

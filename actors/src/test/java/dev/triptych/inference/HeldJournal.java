package dev.triptych.inference;

import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.ProcessingPolicy;
import akka.persistence.testkit.ProcessingResult;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.WriteEvents;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A journal whose next commit of one log takes until it is let go. */
final class HeldJournal implements ProcessingPolicy<JournalOperation> {

    private final String persistenceId;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    HeldJournal(String persistenceId) {
        this.persistenceId = persistenceId;
    }

    @Override
    public ProcessingResult tryProcess(String id, JournalOperation operation) {
        if (id.equals(persistenceId) && operation instanceof WriteEvents) {
            reached.countDown();
            await(released);
        }
        return ProcessingSuccess.getInstance();
    }

    void awaitReached() {
        await(reached);
    }

    void release() {
        released.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

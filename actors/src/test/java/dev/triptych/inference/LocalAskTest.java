package dev.triptych.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.triptych.kernel.ReplyTo;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LocalAskTest {

    private static final ActorTestKit KIT =
            ActorTestKit.create(ConfigFactory.parseString("""
            lent {
              type = Dispatcher
              executor = "dev.triptych.inference.AskersThread"
              fork-join-executor { parallelism-min = 1, parallelism-factor = 1.0, parallelism-max = 1 }
            }
            """).withFallback(ConfigFactory.load()));

    private static final LocalAsk ASKS = LocalAsk.get(KIT.system());

    /** Tells itself so often, then answers with the thread it is on. */
    private record Which(int timesBefore, ReplyTo<Thread> replyTo) {}

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void anIdleActorAnswersOnTheAskersThreadBeforeTheAskReturns() throws Exception {
        ActorRef<Which> actor = KIT.spawn(which(), DispatcherSelector.fromConfig("lent"));

        // The turn in which it began is another thread's, and may not be quite over.
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        Thread answered = null;
        while (answered != Thread.currentThread() && System.nanoTime() < until) {
            CompletableFuture<Thread> answer = ask(actor, 0);
            boolean atOnce = answer.isDone();
            answered = answer.get(10, TimeUnit.SECONDS);
            assertThat(atOnce || answered != Thread.currentThread()).isTrue();
        }
        assertThat(answered).isSameAs(Thread.currentThread());
    }

    @Test
    void aThreadThatIsKeptBusyIsLetGoOf() throws Exception {
        ActorRef<Which> actor = KIT.spawn(which(), DispatcherSelector.fromConfig("lent"));

        Thread last = ask(actor, 10_000).get(10, TimeUnit.SECONDS);

        assertThat(last).isNotSameAs(Thread.currentThread());
    }

    @Test
    void endsWhereNobodyAnswers() {
        CompletableFuture<String> answer = ASKS.ask(replyTo -> {}, Duration.ofMillis(10));

        assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class)
                .hasMessageContaining("within 10 ms");
    }

    private static CompletableFuture<Thread> ask(ActorRef<Which> actor, int timesBefore) {
        return ASKS.ask(replyTo -> actor.tell(new Which(timesBefore, replyTo)), Duration.ofSeconds(10));
    }

    private static Behavior<Which> which() {
        return Behaviors.setup(context -> Behaviors.receiveMessage(asked -> {
            if (asked.timesBefore() == 0) {
                asked.replyTo().tell(Thread.currentThread());
            } else {
                context.getSelf().tell(new Which(asked.timesBefore() - 1, asked.replyTo()));
            }
            return Behaviors.same();
        }));
    }
}

package dev.triptych.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.triptych.store.JournalTailer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final Config NODE = ConfigFactory.parseString("""
                    akka.actor.provider = cluster
                    akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
                    akka.cluster { roles = [feature, training, inference], jmx.enabled = off }
                    akka.coordinated-shutdown.exit-jvm = off
                    """).withFallback(ConfigFactory.defaultReference());

    private static final Duration JOINED_MAX = Duration.ofSeconds(20);

    /** It looks every quarter of a second. */
    private static final Duration LOOKS = Duration.ofSeconds(1);

    private final ActorTestKit kit = ActorTestKit.create("readiness", NODE);

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    @Test
    void lastsWhileTheTailerMovesToAnotherNode() {
        Cluster cluster = Cluster.get(kit.system());
        cluster.manager().tell(new Join(cluster.selfMember().address()));
        TestProbe<Boolean> ready = kit.createTestProbe(Boolean.class);
        Readiness.watch(
                kit.system(), Map.of(), Optional.empty(), is -> ready.ref().tell(is));
        var tailer = kit.createTestProbe(JournalTailer.Command.class);
        var receptionist = kit.system().receptionist();

        receptionist.tell(Receptionist.register(JournalTailer.SERVICE_KEY, tailer.ref()));
        assertThat(ready.receiveMessage(JOINED_MAX)).isTrue();
        receptionist.tell(Receptionist.deregister(JournalTailer.SERVICE_KEY, tailer.ref()));

        ready.expectNoMessage(LOOKS);
    }
}

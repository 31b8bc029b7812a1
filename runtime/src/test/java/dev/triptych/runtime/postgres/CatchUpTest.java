package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.triptych.store.CatchUp;
import dev.triptych.store.JournalTailer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatchUpTest {

    private static final Config CLUSTER = ConfigFactory.parseString("""
            akka.actor.provider = cluster
            akka.cluster.roles = [feature]
            akka.remote.artery.canonical { hostname = "127.0.0.1", port = 0 }
            akka.cluster.jmx.enabled = off
            akka.coordinated-shutdown.exit-jvm = off
            """);

    @TempDir
    Path folder;

    @Test
    void whatWasCommittedBeforeTheQuestionIsInTheOfflineStoreWithTheAnswer() {
        var kit = ActorTestKit.create(
                CLUSTER.withFallback(ConfigFactory.load("serialization")).withFallback(ConfigFactory.load()));
        try (var journal = new ProjectedJournal(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThatThrownBy(() -> CatchUp.await(kit.system(), Duration.ofMillis(300))
                            .toCompletableFuture()
                            .join())
                    .hasCauseInstanceOf(TimeoutException.class);

            Cluster.get(kit.system())
                    .manager()
                    .tell(Join.create(Cluster.get(kit.system()).selfMember().address()));
            JournalTailer.init(kit.system(), journal::projection, threads);
            var events = new RandomEvents(journal, 31);
            for (int round = 0; round < 10; round++) {
                events.write(10);
                events.writeRows();

                var horizon = CatchUp.await(kit.system(), Duration.ofSeconds(20))
                        .toCompletableFuture()
                        .join();

                assertThat(horizon)
                        .isGreaterThanOrEqualTo(events.events().getLast().at());
                assertThat(ParquetRows.stored(
                                journal.root(),
                                journal.column("SELECT path FROM feature_segment WHERE retired_at IS NULL")))
                        .hasSameSizeAs(ParquetRows.written(events.events()));
            }
            kit.shutdownTestKit();
        }
    }
}

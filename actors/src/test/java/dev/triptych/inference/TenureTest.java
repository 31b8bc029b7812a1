package dev.triptych.inference;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.store.Tenure;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.LiveStates;
import dev.triptych.store.features.domain.EntityId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node that others may have taken over from says nothing out of memory. */
class TenureTest {

    @Test
    void whatMayBeOldIsNotTold() throws Exception {
        try (var node = new TestNode()) {
            node.writeTicket("p1", 1_000, 1);
            assertThat(read(node)).isInstanceOf(FeatureEntity.Answer.class);
            assertThat(live(node)).isPresent();

            Tenure.get(node.system()).until(System.nanoTime() - 1);
            assertThat(read(node)).isInstanceOf(FeatureEntity.JournalUnavailable.class);
            assertThat(live(node)).isEmpty();

            Tenure.get(node.system())
                    .until(System.nanoTime() + Duration.ofMinutes(1).toNanos());
            assertThat(read(node)).isInstanceOf(FeatureEntity.Answer.class);
        }
    }

    private static FeatureEntity.ReadReply read(TestNode node) throws Exception {
        return ClusterSharding.get(node.system())
                .entityRefFor(FeatureEntity.TYPE_KEY, ID.path())
                .ask(
                        (ActorRef<FeatureEntity.ReadReply> replyTo) -> new FeatureEntity.Read(
                                TestNode.SIGNATURE.inputs(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                replyTo),
                        Duration.ofSeconds(5))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private static Optional<FeatureEntity.Answer> live(TestNode node) {
        return LiveStates.get(node.system()).read(ID, TestNode.SIGNATURE.inputs(), Optional.empty(), node.clock);
    }

    private static final EntityId ID = new EntityId(TestNode.SYSTEM, "passenger", "p1");
}

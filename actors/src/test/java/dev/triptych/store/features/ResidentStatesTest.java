package dev.triptych.store.features;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import dev.triptych.store.features.ResidentStates.Resident;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.Retention;
import org.junit.jupiter.api.Test;

class ResidentStatesTest {

    @Test
    void whatAnotherIncarnationOfTheShardLeftIsNotTrusted() {
        var kit = ActorTestKit.create();
        try {
            ActorRef before = Adapter.toClassic(kit.<String>createTestProbe().ref());
            ActorRef now = Adapter.toClassic(kit.<String>createTestProbe().ref());
            var residents = new ResidentStates(10);
            residents.keep("a", resident(before));
            residents.keep("b", resident(now));

            residents.startIn(now, "a");
            residents.startIn(now, "b");

            assertThat(residents.of("a")).isEmpty();
            assertThat(residents.of("b")).isPresent();
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void beyondItsBoundTheOneLetGoOfFirstIsForgotten() {
        var kit = ActorTestKit.create();
        try {
            ActorRef shard = Adapter.toClassic(kit.<String>createTestProbe().ref());
            var residents = new ResidentStates(2);
            for (String id : new String[] {"a", "b", "c"}) {
                residents.keep(id, resident(shard));
            }

            assertThat(residents.size()).isEqualTo(2);
            assertThat(residents.of("a")).isEmpty();
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static Resident resident(ActorRef shard) {
        return new Resident(shard, 1, FeatureState.empty(Retention.newest(1)));
    }
}

package dev.triptych.store.models;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import com.typesafe.config.ConfigFactory;
import dev.triptych.kernel.Micros;
import dev.triptych.store.models.ModelChanges.ModelChanged;
import dev.triptych.store.models.ModelRegistry.MoveReply;
import dev.triptych.store.models.ModelRegistry.RegisterReply;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.RegistryEvent;
import dev.triptych.store.models.domain.Versions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The registry as its callers see it; the test kit checks that all it says and stores can be serialized. */
class ModelRegistryTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final ActorTestKit KIT = ActorTestKit.create(EventSourcedBehaviorTestKit.config()
            .withFallback(ConfigFactory.parseResources("serialization.conf"))
            .withFallback(ConfigFactory.load())
            .resolve());

    private final List<ModelChanged> changes = new ArrayList<>();
    private final EventSourcedBehaviorTestKit<ModelRegistry.Command, RegistryEvent, RegisteredModel> registry =
            EventSourcedBehaviorTestKit.create(
                    KIT.system(),
                    ModelRegistry.create(Versions.MODEL, Clock.fixed(NOON, ZoneOffset.UTC), changes::add));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void forgetRecovery() {
        registry.getState();
        changes.clear();
    }

    @Test
    void registersARunsVersionOnceHoweverOftenItIsAsked() {
        assertThat(register("r1")).isEqualTo(new ModelRegistry.Registered(1));
        assertThat(register("r2")).isEqualTo(new ModelRegistry.Registered(2));

        var again = registry.<RegisterReply>runCommand(
                replyTo -> new ModelRegistry.Register(Versions.madeBy("r1"), replyTo));

        assertThat(again.reply()).isEqualTo(new ModelRegistry.Registered(1));
        assertThat(again.hasNoEvents()).isTrue();
        assertThat(registry.getState().version(1).orElseThrow().createdMicros()).isEqualTo(Micros.of(NOON));
    }

    @Test
    void tellsListenersOfEveryChangeAndOfNothingElse() {
        register("r1");
        register("r1");
        move("champion", 1);
        move("champion", 1);
        move("champion", 9);

        assertThat(changes).containsExactly(new ModelChanged(Versions.MODEL), new ModelChanged(Versions.MODEL));
    }

    @Test
    void tellsListenersOnceMoreAfterARestartAsACrashMayHaveSwallowedATelling() {
        register("r1");
        changes.clear();

        registry.restart();

        assertThat(changes).containsExactly(new ModelChanged(Versions.MODEL));
        assertThat(registry.getState().versions()).hasSize(1);
    }

    @Test
    void movesAnAliasAndBack() {
        register("r1");
        register("r2");

        assertThat(move("champion", 1)).isEqualTo(new ModelRegistry.Moved("champion", 1, 0));
        assertThat(move("champion", 2)).isEqualTo(new ModelRegistry.Moved("champion", 2, 1));
        assertThat(registry.<MoveReply>runCommand(
                                replyTo -> new ModelRegistry.RollBack("champion", "me", "worse", replyTo))
                        .reply())
                .isEqualTo(new ModelRegistry.Moved("champion", 1, 2));
    }

    @Test
    void refusesAVersionThatDoesNotExist() {
        assertThat(move("champion", 1))
                .isInstanceOfSatisfying(
                        ModelRegistry.Refused.class,
                        refused -> assertThat(refused.reason().field()).isEqualTo("version"));
    }

    private RegisterReply register(String runId) {
        return registry.<RegisterReply>runCommand(
                        replyTo -> new ModelRegistry.Register(Versions.madeBy(runId), replyTo))
                .reply();
    }

    private MoveReply move(String alias, int version) {
        return registry.<MoveReply>runCommand(
                        replyTo -> new ModelRegistry.MoveAlias(alias, version, "me", "because", replyTo))
                .reply();
    }
}

package dev.triptych.store.models.domain;

import dev.triptych.kernel.GoldenEvents;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was stored once is read for ever. */
class StoredRegistryEventsTest {

    private static final GoldenEvents GOLDEN = new GoldenEvents();

    @AfterAll
    static void stop() {
        GOLDEN.close();
    }

    @Test
    void readsVersionRegisteredVersion1() {
        GOLDEN.assertReads(
                "version-registered-1",
                new RegistryEvent.VersionRegistered(Versions.madeBy("r1").registeredAs(3, 1_780_000_000_000_000L)));
    }

    @Test
    void readsVersionRegisteredVersion2() {
        GOLDEN.assertReads(
                "version-registered-2",
                new RegistryEvent.VersionRegistered(
                        Versions.measured(Versions.madeBy("r1")).registeredAs(3, 1_780_000_000_000_000L)));
    }

    @Test
    void readsVersionRegisteredVersion3() {
        GOLDEN.assertReads(
                "version-registered-3",
                new RegistryEvent.VersionRegistered(Versions.profiled(Versions.measured(Versions.madeBy("r1")))
                        .registeredAs(3, 1_780_000_000_000_000L)));
    }

    @Test
    void readsVersionRegisteredVersion1WithRequiredInputs() {
        GOLDEN.assertReads(
                "version-registered-1-with-required-inputs",
                new RegistryEvent.VersionRegistered(Versions.requiring(Versions.madeBy("r1"), List.of("profile.sex"))
                        .registeredAs(3, 1_780_000_000_000_000L)));
    }

    @Test
    void readsAliasMovedVersion1() {
        GOLDEN.assertReads(
                "alias-moved-1",
                new RegistryEvent.AliasMoved(
                        "champion", 3, 2, "training run r1", "gates passed", 1_780_000_000_000_000L));
    }
}

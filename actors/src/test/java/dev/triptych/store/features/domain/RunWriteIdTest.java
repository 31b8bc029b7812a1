package dev.triptych.store.features.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunWriteIdTest {

    @Test
    void tellsTheRunWhateverItIsCalled() {
        for (String run : List.of("orders-7", "2026-01-01T00:00:00Z", "a:placed:1")) {
            assertThat(RunWriteId.run("placed", Optional.of(RunWriteId.of(run, "placed", 12))))
                    .contains(run);
        }
    }

    @Test
    void tellsNoRunOfAClientsId() {
        for (String id :
                List.of("write-1", "a:other:1", "a:placed:", "a:placed:x", ":placed:1", "placed:1", ":1", "")) {
            assertThat(RunWriteId.run("placed", Optional.of(id))).as(id).isEmpty();
        }
        assertThat(RunWriteId.run("placed", Optional.empty())).isEmpty();
    }
}

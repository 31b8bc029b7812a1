package dev.triptych.runtime;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.time;
import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.WriteFeaturesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class KilledNodeTest {

    @Test
    @Timeout(90)
    void theNextOneStopsThePostgresThatWasLeftBehindAndGoesOn(@TempDir Path folder) throws Exception {
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        Path data = folder.resolve("data");
        NodeProcess killed = NodeProcess.start(data, systems);
        try (var client = new Client(killed.address(), ShopSystem.NAME)) {
            client.features()
                    .write(WriteFeaturesRequest.newBuilder()
                            .setSystem(ShopSystem.NAME)
                            .setView("placed")
                            .addRows(FeatureRow.newBuilder()
                                    .setKey("o1")
                                    .setEventTime(time("2026-02-01T00:00:00Z"))
                                    .putValues("amount", number(10)))
                            .build());
        }
        killed.kill();
        ProcessHandle leftBehind = postmaster(data);
        assertThat(leftBehind.isAlive()).as("PostgreSQL outlives its node").isTrue();

        try (NodeProcess next = NodeProcess.start(data, systems);
                var client = new Client(next.address(), ShopSystem.NAME)) {
            assertThat(leftBehind.isAlive()).isFalse();
            assertThat(client.features()
                            .history(FeatureHistoryRequest.newBuilder()
                                    .setSystem(ShopSystem.NAME)
                                    .setView("placed")
                                    .setKey("o1")
                                    .build())
                            .getRowsCount())
                    .isEqualTo(1);
        }
        assertThat(data.resolve("postgres").resolve("postmaster.pid"))
                .as("stopped with its node")
                .doesNotExist();
    }

    private static ProcessHandle postmaster(Path data) throws IOException {
        String pid = Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"))
                .getFirst();
        return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    }
}

package dev.triptych.inference.domain;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.typesafe.config.ConfigFactory;
import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.kernel.GoldenEvents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was stored once is read for ever. The golden files are never edited. */
class StoredPredictionEventsTest {

    private static final String MANIFEST = "dev.triptych.inference.domain.PredictionEvent$PredictionsLogged";

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseResources("serialization.conf")
            .withFallback(ConfigFactory.load())
            .resolve());

    private final Serialization serialization = SerializationExtension.get(KIT.system());
    private final PredictionsLogged event = new PredictionsLogged(
            List.of(
                    Predictions.byKey("018bcfe5-687b-7000-8000-000000000001", "17", 0.25),
                    Predictions.fromRawFeatures()),
            "ab".repeat(32));

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void readsPredictionsLoggedVersion1() throws IOException {
        var serializer = (SerializerWithStringManifest) serialization.serializerFor(PredictionsLogged.class);

        Object read = serializer.fromBinary(golden(), MANIFEST);

        assertThat(read).isEqualTo(event);
    }

    @Test
    void writesPredictionsLoggedVersion1() throws IOException {
        var serializer = (SerializerWithStringManifest) serialization.serializerFor(PredictionsLogged.class);

        assertThat(HexFormat.of().formatHex(serializer.toBinary(event)))
                .isEqualTo(HexFormat.of().formatHex(golden()));
        assertThat(serializer.manifest(event)).isEqualTo(MANIFEST);
    }

    @Test
    void readsPredictionsLoggedVersion1WithAShadow() {
        try (var golden = new GoldenEvents()) {
            golden.assertReads(
                    "predictions-logged-1-with-a-shadow",
                    new PredictionsLogged(
                            List.of(
                                    event.predictions().getFirst(),
                                    Predictions.shadowOf(
                                            event.predictions().getFirst(), "018bcfe5-687b-7000-8000-000000000003")),
                            "ab".repeat(32)));
        }
    }

    private static byte[] golden() throws IOException {
        try (var file = StoredPredictionEventsTest.class.getResourceAsStream("/golden/predictions-logged-1.cbor.hex")) {
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}

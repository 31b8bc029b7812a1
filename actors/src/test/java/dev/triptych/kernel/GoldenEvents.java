package dev.triptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads stored events back as production does: bytes in {@code golden/<name>.cbor.hex}, never edited. */
public final class GoldenEvents implements AutoCloseable {

    private final ActorTestKit kit = ActorTestKit.create(ConfigFactory.parseResources("serialization.conf")
            .withFallback(ConfigFactory.load())
            .resolve());

    /**
     * Checks that the golden bytes, under the event's class name as manifest, are read as the event, and that what is
     * written today is read as well.
     */
    public void assertReads(String name, CborSerializable event) {
        String manifest = event.getClass().getName();
        try {
            var serializer = (SerializerWithStringManifest)
                    SerializationExtension.get(kit.system()).serializerFor(event.getClass());
            byte[] today = serializer.toBinary(event);
            assertThat(serializer.manifest(event)).isEqualTo(manifest);
            assertThat(serializer.fromBinary(today, manifest)).isEqualTo(event);
            assertThat(serializer.fromBinary(golden(name, today), manifest)).isEqualTo(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }

    private static byte[] golden(String name, byte[] today) throws IOException {
        String file = "/golden/" + name + ".cbor.hex";
        try (var stream = GoldenEvents.class.getResourceAsStream(file)) {
            if (stream == null) {
                return fail(
                        "%s is missing; today's bytes: %s", file, HexFormat.of().formatHex(today));
            }
            String hex = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}

package dev.triptych.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRefResolver;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * While a cluster is upgraded, nodes of two neighbouring releases understand one another. What the release before sends is in
 * {@code golden/messages/CLASS-VERSION.cbor.hex}, some messages of each type, one a line. A type that grows gets another
 * version beside it; a version may go one release after the next came.
 */
class GoldenMessagesTest {

    private static final int DRAWN = 3;
    private static final Path GOLDEN = Path.of("src/test/resources/golden/messages");
    private static final Path TODAY = Path.of("target/golden/messages");
    private static final Pattern FILE = Pattern.compile("(.+)-(\\d+)\\.cbor\\.hex");
    private static final String RULE =
            "Releases next to one another must understand each other: keep every field and what"
                    + " it means, let a new one be Optional or a collection, and send what cannot be said so as a message of its own"
                    + " (docs/decisions/0003-stored-events.md).";

    private static final ObjectMapper CBOR = new CBORMapper();
    private static final ActorTestKit KIT = ActorTestKit.create(
            "GoldenMessagesTest",
            ConfigFactory.parseResources("serialization.conf")
                    .withFallback(ConfigFactory.load())
                    .resolve());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** @param version from 1 on, by its type */
    record Golden(Path file, String type, int version) {
        static Golden of(Path file) {
            Matcher name = FILE.matcher(file.getFileName().toString());
            assertThat(name.matches()).as(file.toString()).isTrue();
            return new Golden(file, name.group(1), Integer.parseInt(name.group(2)));
        }

        @Override
        public String toString() {
            return type + " version " + version;
        }
    }

    static List<Golden> golden() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.sorted().map(Golden::of).toList();
        }
    }

    /** Events are stored, and have golden files of their own, which are kept for ever. */
    static List<Class<?>> sent() {
        return MessagesTest.messages().stream()
                .filter(type -> Stream.of(type.getInterfaces())
                        .noneMatch(of -> of.getSimpleName().endsWith("Event")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void understandsTheReleaseBefore(Golden golden) throws IOException {
        for (String line : Files.readAllLines(golden.file())) {
            byte[] sent = HexFormat.of().parseHex(line);
            JsonNode answered = CBOR.readTree(writtenAgain(golden, sent));
            difference(CBOR.readTree(sent), answered, "")
                    .ifPresent(difference -> fail("%s: %s. %s", golden, difference, RULE));
        }
    }

    @ParameterizedTest
    @MethodSource("sent")
    void isSentAsTheNewestGoldenFileSays(Class<?> type) throws IOException {
        String today = drawn(type);
        int newest = golden().stream()
                .filter(golden -> golden.type().equals(type.getName()))
                .mapToInt(Golden::version)
                .max()
                .orElse(0);
        Path file = GOLDEN.resolve(fileName(type, newest));
        if (newest > 0 && Files.readString(file).equals(today)) {
            return;
        }
        Path next = Files.createDirectories(TODAY).resolve(fileName(type, newest + 1));
        Files.writeString(next, today);
        fail(
                "%s %s. %s Then copy actors/%s to actors/%s, beside what is there already.",
                type.getName(),
                newest == 0 ? "is sent, and has no golden file" : "is no longer sent as " + file + " says",
                RULE,
                next,
                GOLDEN);
    }

    private static byte[] writtenAgain(Golden golden, byte[] sent) throws IOException {
        Serialization serialization = SerializationExtension.get(KIT.system());
        int cbor = serialization.serializerFor(CborSerializable.class).identifier();
        var read = serialization.deserialize(sent, cbor, golden.type());
        if (read.isFailure()) {
            return fail(
                    String.format("%s cannot be read any more. %s", golden, RULE),
                    read.failed().get());
        }
        return serialization.serialize(read.get()).get();
    }

    private static String fileName(Class<?> type, int version) {
        return type.getName() + "-" + version + ".cbor.hex";
    }

    /** Messages of this type, the same ones as long as nothing of it changes. */
    private static String drawn(Class<?> type) {
        var replyTo = ActorRefResolver.get(KIT.system()).resolveActorRef("akka://GoldenMessagesTest/user/sender#1");
        var values = new AnyValue(new Random(type.getName().hashCode()), replyTo);
        var serialization = SerializationExtension.get(KIT.system());
        return IntStream.range(0, DRAWN)
                .mapToObj(i -> serialization.serialize(values.record(type)).get())
                .map(bytes -> HexFormat.of().formatHex(bytes) + "\n")
                .collect(Collectors.joining());
    }

    /**
     * What the release before would miss in what is written today, or what it did not say and is read as something all the
     * same.
     */
    private static Optional<String> difference(JsonNode before, JsonNode today, String path) {
        if (before.isObject() && today.isObject()) {
            Optional<String> unsaid = fields(today)
                    .filter(field -> !before.has(field.getKey()) && !isNothing(field.getValue()))
                    .map(field -> path + "/" + field.getKey() + " was not said, and is read as " + field.getValue())
                    .findFirst();
            return fields(before)
                    .flatMap(field -> differenceIn(field, today, path).stream())
                    .findFirst()
                    .or(() -> unsaid);
        }
        if (before.isArray() && today.isArray() && before.size() == today.size()) {
            return IntStream.range(0, before.size())
                    .boxed()
                    .flatMap(i -> difference(before.get(i), today.get(i), path + "/" + i).stream())
                    .findFirst();
        }
        return before.equals(today)
                ? Optional.empty()
                : Optional.of(path + " is " + before + ", and is read as " + today);
    }

    private static Optional<String> differenceIn(Map.Entry<String, JsonNode> field, JsonNode today, String path) {
        String inside = path + "/" + field.getKey();
        JsonNode value = today.get(field.getKey());
        return value == null
                ? Optional.of(inside + " is not sent any more")
                : difference(field.getValue(), value, inside);
    }

    private static Stream<Map.Entry<String, JsonNode>> fields(JsonNode object) {
        Iterable<Map.Entry<String, JsonNode>> fields = object::fields;
        return StreamSupport.stream(fields.spliterator(), false);
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull() || value.isContainerNode() && value.isEmpty();
    }
}

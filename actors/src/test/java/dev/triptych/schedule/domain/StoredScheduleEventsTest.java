package dev.triptych.schedule.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.typesafe.config.ConfigFactory;
import dev.triptych.definition.domain.PipelineKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once is read for ever. The golden files are never edited. */
class StoredScheduleEventsTest {

    private static final String PACKAGE = "dev.triptych.schedule.domain.";
    private static final PipelineId ARRIVALS = new PipelineId("titanic", PipelineKind.FEATURE, "arrivals");
    private static final RunRequest REQUEST = new RunRequest(
            "titanic.feature.arrivals.2026-06-01T12:00:00Z",
            ARRIVALS,
            1,
            1_780_315_200_000_000L,
            Map.of("count", "5"),
            Optional.of("passenger 40"));
    private static final RunOutcome COMPLETED = new RunOutcome.Completed(
            Map.of("rowsWritten", 5L),
            Map.of("gate.1", "passed"),
            List.of("a.csv:3: age: x"),
            Optional.of("passenger 45"));

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseResources("serialization.conf")
            .withFallback(ConfigFactory.load())
            .resolve());

    private final Serialization serialization = SerializationExtension.get(KIT.system());

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    static Stream<Arguments> stored() {
        return Stream.of(
                arguments(
                        "schedule-cadence-followed-1",
                        "ScheduleEvent$CadenceFollowed",
                        new ScheduleEvent.CadenceFollowed(ARRIVALS, "every 10s", 1_780_315_199_123_456L)),
                arguments(
                        "schedule-run-started-1",
                        "ScheduleEvent$RunStarted",
                        new ScheduleEvent.RunStarted(REQUEST, "cadence", 1_780_315_200_000_250L)),
                arguments(
                        "schedule-attempt-started-1",
                        "ScheduleEvent$AttemptStarted",
                        new ScheduleEvent.AttemptStarted(REQUEST.runId(), 2, 1_780_315_300_000_000L)),
                arguments(
                        "schedule-run-ended-completed-1",
                        "ScheduleEvent$RunEnded",
                        new ScheduleEvent.RunEnded(REQUEST.runId(), COMPLETED, 1_780_315_301_000_000L)),
                arguments(
                        "schedule-run-ended-failed-1",
                        "ScheduleEvent$RunEnded",
                        new ScheduleEvent.RunEnded(
                                REQUEST.runId(),
                                new RunOutcome.Failed("a.csv cannot be read", List.of("a.csv:3: age: x")),
                                1_780_315_301_000_000L)),
                arguments(
                        "schedule-run-ended-cancelled-1",
                        "ScheduleEvent$RunEnded",
                        new ScheduleEvent.RunEnded(
                                REQUEST.runId(), new RunOutcome.Cancelled("ada"), 1_780_315_301_000_000L)),
                arguments("schedule-state-1", "Schedule", schedule()));
    }

    private static Schedule schedule() {
        return Schedule.empty()
                .apply(new ScheduleEvent.CadenceFollowed(ARRIVALS, "every 10s", 1_780_315_199_123_456L))
                .apply(new ScheduleEvent.RunStarted(REQUEST, "cadence", 1_780_315_200_000_250L))
                .apply(new ScheduleEvent.RunEnded(REQUEST.runId(), COMPLETED, 1_780_315_301_000_000L));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stored")
    void readsWhatWasStored(String name, String type, Object expected) throws IOException {
        var serializer = (SerializerWithStringManifest) serialization.serializerFor(expected.getClass());

        assertThat(serializer.fromBinary(golden(name), PACKAGE + type)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stored")
    void writesWhatWasStored(String name, String type, Object value) throws IOException {
        var serializer = (SerializerWithStringManifest) serialization.serializerFor(value.getClass());

        assertThat(HexFormat.of().formatHex(serializer.toBinary(value)))
                .isEqualTo(HexFormat.of().formatHex(golden(name)));
        assertThat(serializer.manifest(value)).isEqualTo(PACKAGE + type);
    }

    private static byte[] golden(String name) throws IOException {
        try (var file = StoredScheduleEventsTest.class.getResourceAsStream("/golden/" + name + ".cbor.hex")) {
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}

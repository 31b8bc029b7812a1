package dev.triptych.store.features;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.serialization.SerializationExtension;
import akka.serialization.SerializerWithStringManifest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.typesafe.config.ConfigFactory;
import dev.triptych.store.features.domain.ErasedRows;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.Retention;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was stored once is read for ever: events, and the snapshots that save reading them. Golden files never change. */
class StoredFeaturesTest {

    private static final String ROWS_WRITTEN = "dev.triptych.store.features.domain.FeatureEvent$RowsWritten";
    private static final String ERASED_NAME = "dev.triptych.store.features.domain.FeatureEvent$Erased";
    private static final String FEATURE_STATE = "dev.triptych.store.features.domain.FeatureState";

    private static final ActorTestKit KIT = ActorTestKit.create(ConfigFactory.parseResources("serialization.conf")
            .withFallback(ConfigFactory.load())
            .resolve());

    /** Every kind of value, at the edges where one could be taken for another. */
    private static final RowsWritten WRITTEN = new RowsWritten(
            "vitals",
            List.of("smoker", "visits", "pulse", "ward", "admitted"),
            "bifst",
            List.of(
                    row(1_780_315_200_000_000L, true, 3L, 3.0, "déjà vu", 0L),
                    row(-1, false, Long.MIN_VALUE, -0.0, "", Long.MAX_VALUE),
                    new FeatureRow(0, Collections.nCopies(5, Value.Null.NULL)),
                    row(1, true, -1L, Double.MIN_VALUE, "3", 1_780_315_200_000_000L)),
            1_780_315_200_000_001L,
            Optional.of("write-1"));

    private static final RowsWritten WITHOUT_WRITE_ID = new RowsWritten(
            "labs", List.of("crp"), "f", List.of(row(7, 0.1)), 1_780_315_200_000_002L, Optional.empty());

    private static final RowsWritten OTHER_SCHEMA = new RowsWritten(
            "labs",
            List.of("crp", "unit"),
            "fs",
            List.of(row(9, 1e300, "mg/l")),
            1_780_315_200_000_003L,
            Optional.empty());

    private static final FeatureEvent.Erased ERASED =
            new FeatureEvent.Erased(1_780_315_200_000_005L, 1_780_315_200_000_006L, "somebody", "asked for it");

    private static final FeatureState STATE = FeatureState.empty(Retention.newest(3))
            .apply(WRITTEN)
            .apply(WITHOUT_WRITE_ID)
            .apply(OTHER_SCHEMA);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void readsRowsWrittenVersion1() throws IOException {
        assertThat(read(golden("rows-written-1"), ROWS_WRITTEN)).isEqualTo(WRITTEN);
        assertThat(read(golden("rows-written-1-without-write-id"), ROWS_WRITTEN))
                .isEqualTo(WITHOUT_WRITE_ID);
    }

    @Test
    void writesRowsWrittenVersion1() throws IOException {
        assertThat(hex(written(WRITTEN, ROWS_WRITTEN))).isEqualTo(hex(golden("rows-written-1")));
        assertThat(hex(written(WITHOUT_WRITE_ID, ROWS_WRITTEN)))
                .isEqualTo(hex(golden("rows-written-1-without-write-id")));
    }

    @Test
    void readsErasedVersion1() throws IOException {
        assertThat(read(golden("erased-1"), ERASED_NAME)).isEqualTo(ERASED);
        assertThat(hex(written(ERASED, ERASED_NAME))).isEqualTo(hex(golden("erased-1")));
    }

    /** What the journal's projection writes over erased payloads, is an event like any other. */
    @Test
    void readsRowsThatWereErasedVersion1() throws IOException {
        assertThat(hex(ErasedRows.payload(Optional.of(1_780_315_200_000L))))
                .isEqualTo(hex(golden("rows-written-1-erased")));
        assertThat(read(golden("rows-written-1-erased"), ROWS_WRITTEN))
                .isEqualTo(new RowsWritten("", List.of(), "", List.of(), 1_780_315_200_000_000L, Optional.empty()))
                .matches(rows -> ((RowsWritten) rows).wasErased());
    }

    @Test
    void readsFeatureStateVersion2() throws IOException {
        assertThat(read(golden("feature-state-2"), FEATURE_STATE)).isEqualTo(STATE.apply(ERASED));
        assertThat(tree(written(STATE.apply(ERASED), FEATURE_STATE))).isEqualTo(tree(golden("feature-state-2")));
    }

    @Test
    void aStateThatWasNeverErasedIsWrittenAsEver() throws IOException {
        assertThat(tree(written(STATE, FEATURE_STATE))).isEqualTo(tree(golden("feature-state-1")));
    }

    /** Names and values, in whichever order a JVM writes the views. */
    private static JsonNode tree(byte[] cbor) throws IOException {
        return new CBORMapper().readTree(cbor);
    }

    @Test
    void readsFeatureStateVersion1() throws IOException {
        assertThat(read(golden("feature-state-1"), FEATURE_STATE)).isEqualTo(STATE);
    }

    @Test
    void aSnapshotGoesOnAsTheStateItWasTakenOf() throws IOException {
        FeatureEvent next = new RowsWritten(
                "labs", List.of("crp"), "f", List.of(row(8, 2.0)), 1_780_315_200_000_004L, Optional.of("write-1"));

        FeatureState restored = (FeatureState) read(written(STATE, FEATURE_STATE), FEATURE_STATE);

        assertThat(restored.apply(next)).isEqualTo(STATE.apply(next));
    }

    @Test
    void refusesToSerializeWhatIsNotMarked() {
        var serialization = SerializationExtension.get(KIT.system());

        assertThat(serialization.serialize(new java.util.Date()).isFailure()).isTrue();
    }

    private static FeatureRow row(long eventMicros, Object... values) {
        return new FeatureRow(eventMicros, Arrays.stream(values).map(Value::of).toList());
    }

    private static SerializerWithStringManifest serializer(Class<?> type) throws IOException {
        return (SerializerWithStringManifest)
                SerializationExtension.get(KIT.system()).serializerFor(type);
    }

    private static byte[] written(Object stored, String manifest) throws IOException {
        var serializer = serializer(stored.getClass());
        assertThat(serializer.manifest(stored)).isEqualTo(manifest);
        return serializer.toBinary(stored);
    }

    private static Object read(byte[] stored, String manifest) throws IOException {
        return serializer(FeatureEvent.class).fromBinary(stored, manifest);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] golden(String name) throws IOException {
        String path = "/golden/" + name + ".cbor.hex";
        try (var file = StoredFeaturesTest.class.getResourceAsStream(path)) {
            assertThat(file).as(path).isNotNull();
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}

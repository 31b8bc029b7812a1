package dev.triptych.runtime.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tribuo.Model;
import org.tribuo.protos.core.ModelProto;

/** Artifacts that name classes of the attacker's choice, where a model's own were. */
class ArtifactClassesTest {

    static boolean started;

    /** Does what it does as soon as it is named. */
    private static final class Gadget {
        static {
            started = true;
        }
    }

    @Test
    void startsNoOtherClass() throws IOException {
        ModelProto forged = ModelProto.parseFrom(golden()).toBuilder()
                .setClassName("tribuo.evil.Gadget")
                .build();
        assertRefused(forged.toByteArray(), "artifact names class: tribuo.evil.Gadget");

        ModelProto gadget =
                forged.toBuilder().setClassName(Gadget.class.getName()).build();
        // Of this package, and no more a model for that; Tribuo itself starts whatever is named.
        assertThatThrownBy(() -> Model.deserialize(gadget)).isInstanceOf(RuntimeException.class);
        assertThat(started).isTrue();
    }

    /** Names of the same length, so that everything around them stays what it was. */
    @ParameterizedTest
    @CsvSource({
        "org.tribuo.ImmutableFeatureMap, evl.tribuo.ImmutableFeatureMap",
        "org.tribuo.provenance.ModelProvenance, evl.tribuo.provenance.ModelProvenance",
        "com.oracle.labs.mlrg.olcut.provenance.primitives, com.oracle.labs.evil.olcut.provenance.primitives"
    })
    void looksWhereverAClassIsNamed(String known, String forged) throws IOException {
        String text = new String(golden(), StandardCharsets.ISO_8859_1);
        assertThat(text).contains(known);
        assertThat(forged).hasSameSizeAs(known);

        assertRefused(
                text.replace(known, forged).getBytes(StandardCharsets.ISO_8859_1), "artifact names class: " + forged);
    }

    @Test
    void holdsOnlyWhatTribuoWrites() throws IOException {
        ModelProto forged = ModelProto.parseFrom(golden()).toBuilder()
                .setSerializedData(Any.pack(Duration.getDefaultInstance()))
                .build();

        assertRefused(forged.toByteArray(), "artifact holds: type.googleapis.com/google.protobuf.Duration");
    }

    private static void assertRefused(byte[] artifact, String says) {
        assertThatThrownBy(() -> new TribuoModelLoader().load(artifact, People.SURVIVAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(says);
    }

    private static byte[] golden() throws IOException {
        try (var stream = ArtifactClassesTest.class.getResourceAsStream("/golden/xgboost-classification-1.model")) {
            return stream.readAllBytes();
        }
    }
}

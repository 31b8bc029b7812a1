package dev.triptych.runtime.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A model that was stored once is loaded for ever and predicts the same bits: one artifact of every trainer, and beside
 * it the bits of its scores for {@link #ROWS}. Neither is ever edited.
 */
class GoldenArtifactsTest {

    static final List<List<Value>> ROWS = List.of(
            List.of(new Value.Text("female"), new Value.Float64(29.5), new Value.Int64(1), new Value.Bool(true)),
            List.of(new Value.Text("male"), new Value.Float64(0), new Value.Int64(0), new Value.Bool(false)),
            List.of(new Value.Text("male"), Value.Null.NULL, new Value.Int64(3), new Value.Bool(false)),
            List.of(new Value.Text("unheard-of"), Value.Null.NULL, new Value.Int64(0), Value.Null.NULL));

    @ParameterizedTest
    @ValueSource(strings = {"logistic-regression-1", "random-forest-classification-1", "xgboost-classification-1"})
    void classifiesAsWhenItWasStored(String name) throws IOException {
        assertPredictsTheSameBits(name, People.SURVIVAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear-regression-1", "random-forest-regression-1", "xgboost-regression-1"})
    void regressesAsWhenItWasStored(String name) throws IOException {
        assertPredictsTheSameBits(name, People.FARE);
    }

    private static void assertPredictsTheSameBits(String name, Signature signature) throws IOException {
        Predictor predictor = new TribuoModelLoader().load(resource(name + ".model"), signature);

        assertThat(bits(predictor)).isEqualTo(new String(resource(name + ".bits"), StandardCharsets.US_ASCII));
    }

    @Test
    void refusesAnArtifactThatIsNotOfTheSignature() throws IOException {
        var loader = new TribuoModelLoader();
        byte[] artifact = resource("xgboost-classification-1.model");
        var fewer = new Signature(
                "person",
                List.of(People.read("sex", FeatureType.STRING)),
                Task.CLASSIFICATION,
                "v.survived",
                List.of("false", "true"));
        var others = new Signature(
                "person", People.SURVIVAL.inputs(), Task.CLASSIFICATION, "v.survived", List.of("no", "yes"));

        assertThatThrownBy(() -> loader.load(artifact, fewer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model feature: v.");
        assertThatThrownBy(() -> loader.load(artifact, others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: one of no, yes");
        assertThatThrownBy(() -> loader.load(artifact, People.FARE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: those of a regression");
        assertThatThrownBy(() -> loader.load("no model".getBytes(StandardCharsets.UTF_8), People.SURVIVAL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 bytes");
    }

    /** A line a row, the scores' bits in hex. */
    static String bits(Predictor predictor) {
        return ROWS.stream()
                .map(row -> Arrays.stream(predictor.predict(row))
                        .mapToObj(score -> Long.toHexString(Double.doubleToLongBits(score)))
                        .collect(Collectors.joining(" ", "", "\n")))
                .collect(Collectors.joining());
    }

    private static byte[] resource(String name) throws IOException {
        try (var stream = GoldenArtifactsTest.class.getResourceAsStream("/golden/" + name)) {
            return stream.readAllBytes();
        }
    }
}

package dev.triptych.store.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.EvaluationProfile;
import dev.triptych.store.models.domain.profile.VersionProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A profile that was stored once is read for ever. The golden files are never edited. */
class VersionProfilesTest {

    private static final ColumnProfile AGES =
            new ColumnProfile.Numbers(9, 1, 30.5, List.of(1.0, 60.0), List.of(3L, 8L));

    private static final ColumnProfile SEXES = new ColumnProfile.Categories(9, 0, sexes(), 1);

    private static final VersionProfile OF_A_CLASSIFICATION = new VersionProfile(
            List.of(AGES, SEXES),
            new ColumnProfile.Numbers(9, 0, 0.5, List.of(0.25), List.of(9L)),
            new ColumnProfile.Numbers(2, 0, 0.5, List.of(0.5), List.of(2L)),
            new EvaluationProfile.Classification(
                    9,
                    List.of(new EvaluationProfile.OutcomeCurves(
                            "true",
                            4,
                            0.75,
                            0.5,
                            List.of(new EvaluationProfile.RocPoint(Double.POSITIVE_INFINITY, 0, 0)),
                            List.of(new EvaluationProfile.PrecisionRecallPoint(0.25, 1, 0.5)),
                            List.of(new EvaluationProfile.CalibrationBin(0.25, 0.5, 9, 0.375, 0.5))))));

    private static final VersionProfile OF_A_REGRESSION = new VersionProfile(
            List.of(AGES),
            AGES,
            null,
            new EvaluationProfile.Regression(
                    9,
                    List.of(new EvaluationProfile.HistogramBin(-1, 1, 9)),
                    List.of(new EvaluationProfile.PredictedActual(1.5, 2))));

    @Test
    void readsTheProfileOfAClassification() throws IOException {
        assertReads("profile-classification-1", OF_A_CLASSIFICATION);
    }

    @Test
    void readsTheProfileOfARegression() throws IOException {
        assertReads("profile-regression-1", OF_A_REGRESSION);
    }

    private static void assertReads(String name, VersionProfile profile) throws IOException {
        byte[] today = VersionProfiles.encode(profile);
        assertThat(VersionProfiles.decode(today)).isEqualTo(profile);
        try (var file = VersionProfilesTest.class.getResourceAsStream("/golden/" + name + ".cbor.hex")) {
            assertThat(file)
                    .as("%s; today's bytes: %s", name, HexFormat.of().formatHex(today))
                    .isNotNull();
            String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(VersionProfiles.decode(HexFormat.of().parseHex(hex.replaceAll("\\s", ""))))
                    .isEqualTo(profile);
        }
    }

    private static LinkedHashMap<String, Long> sexes() {
        var counts = new LinkedHashMap<String, Long>();
        counts.put("male", 5L);
        counts.put("female", 3L);
        return counts;
    }
}

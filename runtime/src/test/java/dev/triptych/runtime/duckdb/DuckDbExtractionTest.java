package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.feature.Extraction.Extracted;
import dev.triptych.feature.Extraction.KeyRows;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources as users write them, the bad ones too: every refusal names file, line, column, value and the mend. */
class DuckDbExtractionTest {

    private static final String HEADING = "item,at,amount,pieces,gift,label\n";
    private static final String GOOD = "a,2026-01-02T00:00:00Z,1.5,1,true,x\n";

    @TempDir
    private Path folder;

    private SourceFixture source;

    @BeforeEach
    void setUp() {
        source = new SourceFixture(folder);
    }

    @Test
    void givesRowsInKeyOrderAndEachKeysInTimeOrder() {
        source.csv(HEADING + "b,2026-01-02T00:00:00Z,2,2,false,y\n" + "a,2026-01-03T00:00:00+02:00,3,,,\n" + GOOD);

        List<KeyRows> rows = source.rows();

        assertThat(rows.stream().map(KeyRows::key)).containsExactly("a", "b");
        assertThat(rows.getFirst().rows())
                .containsExactly(
                        row("2026-01-02T00:00:00Z", float64(1.5), int64(1), bool(true), text("x")),
                        row("2026-01-02T22:00:00Z", float64(3), nothing(), nothing(), nothing()));
    }

    @Test
    void keepsTheOrderOfTheFileWhereTwoRowsAreForOneInstant() {
        var csv = new StringBuilder(HEADING);
        for (int i = 0; i < 900; i++) {
            csv.append("a,2026-01-02T00:00:00Z,").append(i).append(",,,\n");
        }
        source.csv(csv.toString());

        List<FeatureRow> rows = source.rows().getFirst().rows();

        for (int i = 0; i < 900; i++) {
            assertThat(rows.get(i).values().getFirst()).isEqualTo(float64(i));
        }
    }

    @Test
    void readsQuotesLineEndsAndTheByteOrderMarkAsTheyOccur() {
        source.csv("\uFEFF" + HEADING.replace("\n", "\r\n")
                + "a,2026-01-02T00:00:00Z,1,1,true,\"said \"\"no\"\", twice\r\nover\"\r\n"
                + "\n"
                + "\"b\",2026-01-02T00:00:00Z,1,1,true,5\" tall");

        assertThat(source.rows().stream()
                        .map(rows -> rows.rows().getFirst().values().getLast()))
                .containsExactly(text("said \"no\", twice\nover"), text("5\" tall"));
    }

    @Test
    void namesTheColumnThatIsMissing() {
        source.csv("item,at,pieces,gift,label\na,2026-01-02T00:00:00Z,1,true,x\n");

        assertThatThrownBy(source::rows)
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("data.csv:1: amount: missing"
                        + " (expected: a column of that name beside item, at, pieces, gift, label)");
    }

    /** Each in line 3, behind a good row. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            b,2026-01-02T00:00:00Z,much,1,true,x          | amount: much (expected: a finite number)
            b,2026-01-02T00:00:00Z,NaN,1,true,x           | amount: NaN (expected: a finite number)
            b,2026-01-02T00:00:00Z,-inf,1,true,x          | amount: -inf (expected: a finite number)
            b,2026-01-02T00:00:00Z,1e400,1,true,x         | amount: 1e400 (expected: a finite number)
            b,2026-01-02T00:00:00Z,1,1.5,true,x           | pieces: 1.5 (expected: a whole number)
            b,2026-01-02T00:00:00Z,1,9223372036854775808,true,x | pieces: 9223372036854775808 (expected: a whole number)
            b,2026-01-02T00:00:00Z,1,1,perhaps,x          | gift: perhaps (expected: true or false)
            b,2026-01-02 12:00:00,1,1,true,x              | at: 2026-01-02 12:00:00 (expected: a timestamp with its zone, or zone = … in the source)
            b,2026-02-30T00:00:00Z,1,1,true,x             | at: 2026-02-30T00:00:00Z (expected: a timestamp with its zone, or zone = … in the source)
            b,yesterday,1,1,true,x                        | at: yesterday (expected: a timestamp with its zone, or zone = … in the source)
            b,2026-01-02T00:00:00Z,1                      | pieces: b,2026-01-02T00:00:00Z,1 (expected: 6 fields as in the heading, not 3)
            b,2026-01-02T00:00:00Z,1,1,true,x,y           | line: b,2026-01-02T00:00:00Z,1,1,true,x,y (expected: 6 fields as in the heading, not 7)
            b,2026-01-02T00:00:00Z,1,1,true,"x            | label: b,2026-01-02T00:00:00Z,1,1,true,"x (expected: a quote that ends the value)
            b,2026-01-02T00:00:00Z,1,1,true,"x"y          | label: b,2026-01-02T00:00:00Z,1,1,true,"x"y (expected: a comma after the quote that ends a value, or that quote doubled)
            """)
    void namesLineColumnAndValueOfWhatDoesNotFit(String line, String told) {
        source.csv(HEADING + GOOD + line + "\n");

        assertThatThrownBy(source::rows)
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessage("1 rows cannot be used, the first: data.csv:3: " + told);
    }

    @Test
    void countsLinesAsAnEditorDoes() {
        source.csv(HEADING
                + "\n"
                + "a,2026-01-02T00:00:00Z,1,1,true,\"two\nlines\"\n"
                + "b,2026-01-02T00:00:00Z,1\n"
                + "\n"
                + "c,2026-01-02T00:00:00Z,much,1,true,x\n");
        source.badRows("quarantine");

        try (Extracted extracted = source.extract()) {
            assertThat(extracted.rejections())
                    .satisfiesExactlyInAnyOrder(
                            told -> assertThat(told).startsWith("data.csv:5: pieces: "),
                            told -> assertThat(told).startsWith("data.csv:7: amount: much"));
        }
    }

    @Test
    void findsALineThatIsNotUtf8() {
        source.file("data.csv", (HEADING + GOOD + GOOD.replace("x", "é")).getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(source::rows).hasMessageContaining("data.csv:3: ").hasMessageContaining("(expected: UTF-8)");
    }

    @Test
    void takesTimestampsWithoutZoneAsOfTheZoneOfTheSource() {
        source.csv(HEADING + "a,2026-07-01 12:00:00,1,1,true,x\n" + "b,2026-07-01T12:00:00Z,1,1,true,x\n");

        // Noon in Stockholm's summer is 10:00 UTC; what names its own zone keeps it.
        for (String zone : List.of("Europe/Stockholm", "+02:00", "UTC+2")) {
            source.zone(zone);
            assertThat(source.rows().stream().map(rows -> rows.rows().getFirst().eventMicros()))
                    .as(zone)
                    .containsExactly(micros("2026-07-01T10:00:00Z"), micros("2026-07-01T12:00:00Z"));
        }
        source.zone("Z");
        assertThat(source.rows().getFirst().rows().getFirst().eventMicros()).isEqualTo(micros("2026-07-01T12:00:00Z"));
    }

    @Test
    void refusesTimesThatNoToolCanHold() {
        source.zone("UTC");
        source.csv(HEADING + "a,infinity,1,1,true,x\n");
        assertThatThrownBy(source::rows).hasMessageContaining("data.csv:2: at: infinity (expected: a timestamp)");

        source.csv(HEADING + "a,12026-01-01 00:00:00,1,1,true,x\n");
        assertThatThrownBy(source::rows)
                .hasMessageContaining("rows.sql: key a: event_time: ")
                .hasMessageContaining("between the years 1 and 9999");
    }

    @Test
    void setsBadRowsAsideWhereTheDefinitionSaysSo() {
        source.badRows("quarantine");
        source.csv(HEADING
                + "b,2026-01-02T00:00:00Z,much,1,true,x\n"
                + GOOD
                + "c,2026-01-02T00:00:00Z\n"
                + "d,yesterday,1,1,true,x\n"
                + ",2026-01-02T00:00:00Z,1,1,true,x\n"
                + "e,2026-01-02T00:00:00Z,1,1,true,\"never ends\n"
                + GOOD.replace("a,", "z,"));

        try (Extracted extracted = source.extract()) {
            assertThat(extracted.rowsRead()).isEqualTo(7);
            assertThat(extracted.rowsRejected()).isEqualTo(5);
            assertThat(extracted.rejections())
                    .as("in the order of the lines, what has none last")
                    .satisfiesExactly(
                            told -> assertThat(told).startsWith("data.csv:2: amount: much"),
                            told -> assertThat(told).startsWith("data.csv:4: amount: c,"),
                            told -> assertThat(told).startsWith("data.csv:5: at: yesterday"),
                            told -> assertThat(told).startsWith("data.csv:7: label: e,"),
                            told -> assertThat(told).startsWith("rows.sql: key null: item: null"));
            assertThat(extracted.rowsToWrite()).isEqualTo(2);
        }
        assertThat(source.rows().stream().map(KeyRows::key)).containsExactly("a", "z");
    }

    @Test
    void tellsTheFirstHundredRejectionsAndCountsAll() {
        source.badRows("quarantine");
        source.csv(HEADING
                + "b,2026-01-02T00:00:00Z,1,many,true,x\n"
                + "b,2026-01-02T00:00:00Z,much,1,true,x\n".repeat(150)
                + GOOD);

        try (Extracted extracted = source.extract()) {
            assertThat(extracted.rowsRejected()).isEqualTo(151);
            assertThat(extracted.rejections()).hasSize(100);
            assertThat(extracted.rejections().getFirst()).startsWith("data.csv:2: pieces: many");
            assertThat(extracted.rejections().getLast()).startsWith("data.csv:101: amount: much");
        }
    }

    @Test
    void countsARowOfSeveralFaultsOnce() {
        source.badRows("quarantine");
        source.csv(HEADING + "b,yesterday,much,many,true,x\n" + GOOD);

        try (Extracted extracted = source.extract()) {
            assertThat(extracted.rowsRead()).isEqualTo(2);
            assertThat(extracted.rowsRejected()).isEqualTo(1);
            assertThat(extracted.rejections()).hasSize(3);
        }
    }

    @Test
    void refusesKeysAndTextsThatAreTooLong() {
        source.csv(HEADING + GOOD.replace("a,", "k".repeat(201) + ","));
        assertThatThrownBy(source::rows).hasMessageContaining("item: kkk").hasMessageContaining("1 to 200 characters");

        // Two Java characters each.
        source.csv(HEADING + GOOD.replace("a,", "🚢".repeat(101) + ","));
        assertThatThrownBy(source::rows).hasMessageContaining("1 to 200 characters");

        source.csv(HEADING + GOOD.replace("x", "x".repeat(Value.Text.LENGTH_MAX + 1)));
        assertThatThrownBy(source::rows)
                .hasMessageContaining("rows.sql: key a: label: xxx")
                .hasMessageContaining("at most 10000 characters");

        source.csv(
                HEADING + GOOD.replace("x", "x".repeat(Value.Text.LENGTH_MAX)).replace("a,", "🚢".repeat(100) + ","));
        assertThat(source.rows()).hasSize(1);
    }

    @Test
    void refusesWhatHasNoLines() {
        source.file("data.csv", "x".repeat(5 << 20).getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(source::rows).hasMessageContaining("data.csv:1: ").hasMessageContaining("end of line");
    }

    @Test
    void namesTheFileThatWentAway() throws IOException {
        source.csv(HEADING + GOOD);
        var system = source.system();
        Files.delete(folder.resolve("shop/data.csv"));

        assertThatThrownBy(() -> source.extract(system))
                .hasMessageContaining("data.csv cannot be read: there is no such file (expected: ");
    }

    @Test
    void readsSeveralFilesWhoseOtherColumnsDiffer() {
        source.files("one.csv", "two.csv");
        source.file("one.csv", (HEADING + GOOD).getBytes(StandardCharsets.UTF_8));
        source.file(
                "two.csv",
                "colour,label,gift,pieces,amount,at,item\nred,y,false,2,2,2026-01-02T00:00:00Z,b\n"
                        .getBytes(StandardCharsets.UTF_8));

        assertThat(source.rows().stream().map(rows -> rows.rows().getFirst()))
                .containsExactly(
                        row("2026-01-02T00:00:00Z", float64(1.5), int64(1), bool(true), text("x")),
                        row("2026-01-02T00:00:00Z", float64(2), int64(2), bool(false), text("y")));
    }

    static FeatureRow row(String time, Value... values) {
        return new FeatureRow(micros(time), List.of(values));
    }

    static long micros(String time) {
        return Micros.of(Instant.parse(time));
    }

    static Value float64(double value) {
        return new Value.Float64(value);
    }

    static Value int64(long value) {
        return new Value.Int64(value);
    }

    static Value bool(boolean value) {
        return new Value.Bool(value);
    }

    static Value text(String value) {
        return new Value.Text(value);
    }

    static Value nothing() {
        return Value.Null.NULL;
    }
}

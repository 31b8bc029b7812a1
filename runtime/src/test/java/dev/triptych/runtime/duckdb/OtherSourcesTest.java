package dev.triptych.runtime.duckdb;

import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.bool;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.float64;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.int64;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.nothing;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.row;
import static dev.triptych.runtime.duckdb.DuckDbExtractionTest.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.feature.Extraction.Extracted;
import dev.triptych.feature.Extraction.KeyRows;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON and Parquet as sources. */
class OtherSourcesTest {

    private static final String OBJECT = """
            {"item": "a", "at": "2026-01-02T00:00:00Z", "amount": 1.5, "pieces": 1, "gift": true, "label": "x"}
            """.strip();
    private static final String SPARSE = """
            {"item": "b", "at": "2026-01-02T00:00:00Z", "amount": null, "more": [1, {"deep": 2}]}
            """.strip();
    private static final String PARQUET_ROW =
            "'%s' AS item, %s AS \"at\", %s AS amount, %s AS pieces, %s AS gift, 'x' AS label";

    @TempDir
    private Path folder;

    private SourceFixture source;

    @BeforeEach
    void setUp() {
        source = new SourceFixture(folder);
    }

    @ParameterizedTest
    @CsvSource({"'', '\n\n', '\n'", "'[', ',\n', ']'"})
    void readsOneObjectALineAndAnArrayOfObjectsAlike(String open, String between, String close) {
        source.json(open + OBJECT + between + SPARSE + close);

        assertThat(source.rows().stream().flatMap(key -> key.rows().stream()))
                .containsExactly(
                        row("2026-01-02T00:00:00Z", float64(1.5), int64(1), bool(true), text("x")),
                        row("2026-01-02T00:00:00Z", nothing(), nothing(), nothing(), nothing()));
    }

    @Test
    void setsJsonLinesThatAreNoObjectsAside() {
        source.json(OBJECT + "\n\n{\"item\": \"b\", oops}\n[1]\n" + OBJECT.replace("\"a\"", "\"c\"") + "\n"
                + OBJECT.replace("1.5", "\"much\"") + "\n" + OBJECT.substring(0, 40));
        source.badRows("quarantine");

        try (Extracted extracted = source.extract()) {
            assertThat(extracted.rowsRead()).isEqualTo(6);
            assertThat(extracted.rejections())
                    .containsExactlyInAnyOrder(
                            "data.json:3: object: {\"item\": \"b\", oops} (expected: one JSON object)",
                            "data.json:4: object: [1] (expected: one JSON object)",
                            "data.json:6: amount: much (expected: a finite number)",
                            "data.json:7: object: " + OBJECT.substring(0, 40) + " (expected: one JSON object)");
        }
        assertThat(source.rows().stream().map(KeyRows::key)).containsExactly("a", "c");
    }

    @Test
    void namesTheKeyThatNoObjectHas() {
        source.json(OBJECT.replace("amount", "amonut"));

        assertThatThrownBy(source::rows)
                .hasMessage("data.json:1: amount: missing"
                        + " (expected: a column of that name beside amonut, at, gift, item, label, pieces)");
    }

    @Test
    void namesTheFileOfATruncatedArray() {
        source.json("[" + OBJECT + ",\n" + OBJECT.substring(0, 40));

        assertThatThrownBy(source::rows).hasMessageContaining("data.json").hasMessageContaining("Malformed JSON");
    }

    @Test
    void countsTheObjectsOfAnArray() {
        source.json("[" + OBJECT + ", " + OBJECT.replace("true", "3") + "]");

        assertThatThrownBy(source::rows).hasMessageContaining("data.json: row 2: gift: 3 (expected: true or false)");
    }

    @Test
    void readsParquetWhoseTypesHoldTheDeclaredOnes() throws SQLException {
        parquet(PARQUET_ROW.formatted(
                "a", "TIMESTAMPTZ '2026-01-02 00:00:00+00'", "1.5::FLOAT", "3.0::DOUBLE", "true"));

        assertThat(source.rows().getFirst().rows())
                .containsExactly(row("2026-01-02T00:00:00Z", float64(1.5), int64(3), bool(true), text("x")));
    }

    @Test
    void takesParquetTimesWithoutZoneAsOfTheZoneOfTheSource() throws SQLException {
        parquet(PARQUET_ROW.formatted("a", "TIMESTAMP '2026-07-01 12:00:00'", "1.5", "3", "true"));

        assertThatThrownBy(source::rows)
                .hasMessageContaining(
                        "data.parquet: row 1: at: 2026-07-01 12:00:00 (expected: a timestamp with its zone");
        source.zone("Europe/Stockholm");
        assertThat(source.rows().getFirst().rows())
                .containsExactly(row("2026-07-01T10:00:00Z", float64(1.5), int64(3), bool(true), text("x")));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "'NaN'::DOUBLE, 3, true, amount: nan (expected: a finite number)",
                "true, 3, true, amount: true (expected: a finite number)",
                "1.5, 3.5::DOUBLE, true, pieces: 3.5 (expected: a whole number)",
                "1.5, true, true, pieces: true (expected: a whole number)",
                "1.5, 3, 5, gift: 5 (expected: true or false)"
            })
    void namesRowColumnAndValueOfWhatDoesNotFit(String amount, String pieces, String gift, String told)
            throws SQLException {
        String at = "TIMESTAMPTZ '2026-01-02 00:00:00+00'";
        parquet(PARQUET_ROW.formatted("a", at, "NULL", "NULL", "NULL") + " UNION ALL BY NAME SELECT "
                + PARQUET_ROW.formatted("b", at, amount, pieces, gift));

        assertThatThrownBy(source::rows).hasMessageEndingWith("data.parquet: row 2: " + told);
    }

    @Test
    void namesTheParquetColumnThatIsMissing() throws SQLException {
        parquet("'a' AS item, 'x' AS label");

        assertThatThrownBy(source::rows)
                .hasMessage("data.parquet: at: missing (expected: a column of that name beside item, label)");
    }

    @Test
    void namesTheFileThatIsNoParquet() {
        source.format("parquet", "data.parquet");
        source.file("data.parquet", OBJECT.getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(source::rows).hasMessageContaining("data.parquet").hasMessageContaining("magic bytes");
    }

    private void parquet(String select) throws SQLException {
        source.format("parquet", "data.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("COPY (SELECT " + select + ") TO '" + source.path("data.parquet") + "' (FORMAT parquet)");
        }
    }
}

package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.definition.Parsed;
import dev.triptych.definition.SystemParser;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.feature.Extraction;
import dev.triptych.feature.Extraction.Extracted;
import dev.triptych.feature.Extraction.KeyRows;
import dev.triptych.feature.Extraction.UnreadableSourceException;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources as users write them, the bad ones too: every refusal names file, line, column and value. */
class DuckDbExtractionTest {

    private static final String HEADING = "item,seen,amount,label\n";
    private static final String GOOD = "a,2026-01-02T00:00:00Z,1.5,x\n";

    @TempDir
    private Path folder;

    private final DuckDbExtraction extraction =
            new DuckDbExtraction(new DuckDbMemory(256, 1, Path.of(System.getProperty("java.io.tmpdir"))));

    @Test
    void givesRowsInKeyOrderAndEachKeysInTimeOrder() throws IOException {
        SystemDefinition system = system(
                "fail", HEADING + "b,2026-01-02T00:00:00Z,2,y\n" + "a,2026-01-03T00:00:00+02:00,3,\n" + GOOD, "");

        List<KeyRows> rows = rows(system);

        assertThat(rows.stream().map(KeyRows::key)).containsExactly("a", "b");
        assertThat(rows.getFirst().rows().stream().map(row -> row.values().getFirst()))
                .containsExactly(new Value.Float64(1.5), new Value.Float64(3));
        assertThat(rows.getFirst().rows().getLast().values().getLast()).isEqualTo(Value.Null.NULL);
        // 2026-01-02T22:00:00Z
        assertThat(rows.getFirst().rows().getLast().eventMicros()).isEqualTo(1_767_391_200_000_000L);
    }

    @Test
    void namesTheColumnThatIsMissing() throws IOException {
        SystemDefinition system = system("fail", "item,seen,label\na,2026-01-02T00:00:00Z,x\n", "");

        assertThatThrownBy(() -> rows(system))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("data.csv:1: amount: missing");
    }

    @Test
    void namesLineColumnAndValueOfWhatIsNoNumber() throws IOException {
        SystemDefinition system = system("fail", HEADING + GOOD + "b,2026-01-02T00:00:00Z,much,x\n", "");

        assertThatThrownBy(() -> rows(system))
                .hasMessageContaining("data.csv:3: amount: much (expected: a finite number)");
    }

    @Test
    void refusesWhatIsNotFinite() throws IOException {
        SystemDefinition system = system("fail", HEADING + "b,2026-01-02T00:00:00Z,NaN,x\n", "");

        assertThatThrownBy(() -> rows(system)).hasMessageContaining("data.csv:2: amount: NaN");
    }

    @Test
    void refusesATimestampWithoutZoneUnlessTheSourceGivesOne() throws IOException {
        String csv = HEADING + "a,2026-07-01 12:00:00,1,x\n";

        assertThatThrownBy(() -> rows(system("fail", csv, "")))
                .hasMessageContaining("data.csv:2: seen: 2026-07-01 12:00:00")
                .hasMessageContaining("zone");
        // Noon in Stockholm's summer is 10:00 UTC.
        assertThat(rows(system("fail", csv, "zone = \"Europe/Stockholm\""))
                        .getFirst()
                        .rows()
                        .getFirst()
                        .eventMicros())
                .isEqualTo(1_782_900_000_000_000L);
    }

    @Test
    void findsATruncatedLine() throws IOException {
        SystemDefinition system = system("fail", HEADING + GOOD + "b,2026-01-02T00:00:00Z\n", "");

        assertThatThrownBy(() -> rows(system)).hasMessageContaining("data.csv:3");
    }

    @Test
    void setsBadRowsAsideWhereTheDefinitionSaysSo() throws IOException {
        SystemDefinition system = system(
                "quarantine",
                HEADING + "b,2026-01-02T00:00:00Z,much,x\n" + GOOD + "c,2026-01-02T00:00:00Z\n" + "d,yesterday,1,x\n",
                "");

        try (Extracted extracted = extract(system)) {
            assertThat(extracted.rowsRead()).isEqualTo(4);
            assertThat(extracted.rowsRejected()).isEqualTo(3);
            assertThat(extracted.rejections())
                    .anySatisfy(told -> assertThat(told).startsWith("data.csv:2: amount: much"))
                    .anySatisfy(told -> assertThat(told).startsWith("data.csv:4"))
                    .anySatisfy(told -> assertThat(told).startsWith("data.csv:5: seen: yesterday"));
            assertThat(extracted.rowsToWrite()).isEqualTo(1);
        }
    }

    @Test
    void readsJson() throws IOException {
        SystemDefinition system = system("json", "fail", """
                {"item": "a", "seen": "2026-01-02T00:00:00Z", "amount": 1.5, "label": "x", "more": [1, 2]}
                {"item": "b", "seen": "2026-01-02T00:00:00Z", "amount": null}
                """, "");

        assertThat(rows(system).stream().flatMap(key -> key.rows().stream()).map(FeatureRow::values))
                .containsExactly(
                        List.of(new Value.Float64(1.5), new Value.Text("x")),
                        List.of(Value.Null.NULL, Value.Null.NULL));
        Files.writeString(folder.resolve("shop/data.json"), """
                {"item": "a", "seen": "2026-01-02T00:00:00Z", "amount": 1.5, "label": "x"}
                {"item": "b", "seen": "2026-01-02T00:00:00Z", "amount": "much", "label": "x"}
                """);
        assertThatThrownBy(() -> rows(system)).hasMessageContaining("data.json:2: amount: much");
    }

    @Test
    void readsParquet() throws Exception {
        SystemDefinition system = system("parquet", "fail", "written below", "");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("COPY (SELECT 'a' AS item, TIMESTAMPTZ '2026-01-02 00:00:00+00' AS seen,"
                    + " 1.5::FLOAT AS amount, 'x' AS label) TO '" + folder.resolve("shop/data.parquet")
                    + "' (FORMAT parquet)");
        }

        assertThat(rows(system)).singleElement().satisfies(key -> {
            assertThat(key.key()).isEqualTo("a");
            assertThat(key.rows())
                    .containsExactly(new FeatureRow(
                            1_767_312_000_000_000L, List.of(new Value.Float64(1.5), new Value.Text("x"))));
        });
    }

    @Test
    void namesAFileThatIsNotThere() throws IOException {
        SystemDefinition system = system("fail", HEADING + GOOD, "");
        Files.delete(folder.resolve("shop/data.csv"));

        assertThatThrownBy(() -> rows(system))
                .isInstanceOf(UnreadableSourceException.class)
                .hasMessageContaining("data.csv");
    }

    @Test
    void refusesAKeyThatIsTooLong() throws IOException {
        SystemDefinition system = system("fail", HEADING + "k".repeat(201) + ",2026-01-02T00:00:00Z,1,x\n", "");

        assertThatThrownBy(() -> rows(system)).hasMessageContaining("1 to 200 characters");
    }

    @Test
    void checksTheSqlAgainstTheView() throws IOException {
        SystemDefinition system = system("fail", HEADING + GOOD, "");
        Files.writeString(
                folder.resolve("shop/rows.sql"), "SELECT item, seen AS event_time, label AS amount FROM source");

        assertThat(extraction.check(reparsed()))
                .anySatisfy(mistake -> {
                    assertThat(mistake.file().getFileName()).hasToString("rows.sql");
                    assertThat(mistake.message()).isEqualTo("amount is VARCHAR");
                    assertThat(mistake.mend()).contains("DOUBLE");
                })
                .anySatisfy(mistake -> assertThat(mistake.message()).isEqualTo("no column label"));
        assertThat(extraction.check(system)).isEmpty();
    }

    @Test
    void namesTheLineOfABadSql() throws IOException {
        system("fail", HEADING + GOOD, "");
        Files.writeString(folder.resolve("shop/rows.sql"), "SELECT item,\n       nothing\nFROM source");

        assertThat(extraction.check(reparsed())).singleElement().satisfies(mistake -> {
            assertThat(mistake.line()).isEqualTo(2);
            assertThat(mistake.message()).contains("nothing");
        });
    }

    private SystemDefinition system(String badRows, String csv, String zone) throws IOException {
        return system("csv", badRows, csv, zone);
    }

    private SystemDefinition system(String format, String badRows, String data, String zone) throws IOException {
        Path system = Files.createDirectories(folder.resolve("shop"));
        Files.writeString(system.resolve("data." + format), data);
        Files.writeString(system.resolve("rows.sql"), "SELECT item, seen AS event_time, amount, label FROM source");
        Files.writeString(system.resolve("system.conf"), """
                system { name = shop }
                entities { item { key = item } }
                views { rows { entity = item, features { amount = float64, label = string } } }
                feature-pipelines {
                  load {
                    cadence = manual
                    bad-rows = %2$s
                    source {
                      format = %1$s
                      files = ["data.%1$s"]
                      columns { item = string, seen = timestamp, amount = float64, label = string }
                      %3$s
                    }
                    writes { rows = "rows.sql" }
                  }
                }
                """.formatted(format, badRows, zone));
        return reparsed();
    }

    private SystemDefinition reparsed() {
        Parsed parsed = SystemParser.parse(folder.resolve("shop"));
        assertThat(parsed.mistakes()).isEmpty();
        return parsed.system().orElseThrow();
    }

    private Extracted extract(SystemDefinition system) {
        var request = new RunRequest(
                "r", new PipelineId("shop", PipelineKind.FEATURE, "load"), 1, 0, Map.of(), Optional.empty());
        return extraction.extract(system, system.featurePipelines().getFirst(), request);
    }

    private List<KeyRows> rows(SystemDefinition system) {
        try (Extraction.Extracted extracted = extract(system)) {
            var rows = new ArrayList<KeyRows>();
            Iterator<KeyRows> each = extracted.rows(
                    system.featurePipelines().getFirst().outputs().getFirst());
            each.forEachRemaining(rows::add);
            return rows;
        }
    }
}

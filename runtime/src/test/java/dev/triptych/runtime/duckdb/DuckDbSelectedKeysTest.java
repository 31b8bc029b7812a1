package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SourceDefinition.Format;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.SelectedKeys.Choice;
import dev.triptych.inference.SelectedKeys.KeysAsOf;
import dev.triptych.inference.SelectedKeys.Selected;
import dev.triptych.inference.SelectedKeys.SelectedKey;
import dev.triptych.inference.SelectedKeys.UnselectableException;
import dev.triptych.inference.domain.BatchRun;
import dev.triptych.inference.domain.KeyAsOf;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbSelectedKeysTest {

    private static final long AS_OF = 1_767_225_600_000_000L; // 2026-01-01T00:00:00Z
    private static final ViewDefinition PLACED = view(
            "placed",
            new FeatureDefinition("amount", FeatureType.FLOAT64),
            new FeatureDefinition("Order", FeatureType.INT64),
            new FeatureDefinition("due", FeatureType.TIMESTAMP));
    private static final ViewDefinition OUTCOME = view("outcome", new FeatureDefinition("back", FeatureType.BOOL));
    private static final Choice CHOICE = new Choice("order", List.of(PLACED, OUTCOME), AS_OF);
    private static final int ORDERS = 5_000;

    @TempDir
    Path folder;

    private DuckDbSelectedKeys keys;

    @BeforeEach
    void open() {
        keys = new DuckDbSelectedKeys(folder.resolve("keys"), new DuckDbMemory(128, 1, folder.resolve("spill")));
    }

    @Test
    void sqlSelectsFromTheFeaturesAsTheyWere() {
        List<String> expected = IntStream.range(0, ORDERS)
                .filter(order -> order % 3 == 0 && order % 2 == 1)
                .mapToObj(DuckDbSelectedKeysTest::key)
                .toList();

        List<SelectedKey> selected = select("r1", """
                SELECT placed."order" FROM placed LEFT JOIN outcome USING ("order")
                WHERE amount % 3 = 0 AND back IS NULL AND due > getvariable('as_of')
                  AND placed.event_time < getvariable('as_of');
                """);

        assertThat(selected)
                .containsExactlyElementsOf(expected.stream().map(this::seen).toList());
    }

    @Test
    void aRunGoesOverTheKeysThatWereChosenFirst() {
        List<SelectedKey> first = select("r1", "SELECT \"order\" FROM placed WHERE amount < 10");

        List<SelectedKey> again =
                read(keys.of(run("r1"), query("SELECT \"order\" FROM placed WHERE amount > 10"), CHOICE, () -> {
                    throw new AssertionError("chosen already");
                }));

        assertThat(again).isEqualTo(first).hasSize(10);
        assertThat(select("r2", "SELECT \"order\" FROM placed WHERE amount < 20"))
                .hasSize(20);
    }

    @Test
    void aChoiceThatBrokeOffIsMadeAgain() {
        Supplier<KeysAsOf> broken = () -> keysAsOf(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public KeyAsOf next() {
                throw new IllegalStateException("the offline store is away");
            }
        });

        assertThatThrownBy(() -> keys.of(run("r1"), query("SELECT \"order\" FROM placed"), CHOICE, broken))
                .hasMessageContaining("away");

        assertThat(select("r1", "SELECT \"order\" FROM placed")).hasSize(ORDERS);
    }

    @Test
    void aKeyIsThereOnceAndOneThatIsUnknownIsMarked() {
        assertThat(select("r1", "SELECT unnest(['k00003', 'é', 'k00001', 'k00003']) AS \"order\""))
                .containsExactly(seen("k00001"), seen("k00003"), new SelectedKey("é", false));
    }

    @Test
    void sqlSeesNothingButTheFeatures() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.csv"), "order\nk00001\n");

        assertThatThrownBy(() -> select("r1", "SELECT \"order\" FROM '" + secret + "'"))
                .isInstanceOf(UnselectableException.class)
                .hasMessageContaining("open.sql");
    }

    @Test
    void aRowWithoutAKeyIsRefused() {
        assertThatThrownBy(() -> select("r1", "SELECT NULL::VARCHAR AS \"order\""))
                .isInstanceOf(UnselectableException.class)
                .hasMessageContaining("a row has no order");
        assertThatThrownBy(() -> list("r2", "vip.csv", Format.CSV, "order,name\nk00001,a\n,b\n"))
                .isInstanceOf(UnselectableException.class)
                .hasMessageContaining("vip.csv");
    }

    @Test
    void aFileNamesKeys() throws IOException, SQLException {
        assertThat(list("r1", "vip.csv", Format.CSV, "name,order\nb,k00002\na,k00001\nagain,k00002\nnobody,x\n"))
                .containsExactly(seen("k00001"), seen("k00002"), new SelectedKey("x", false));

        Path parquet = folder.resolve("vip.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("COPY (SELECT 'k00004' AS \"order\", 1 AS other) TO '" + parquet + "'");
        }
        assertThat(read(keys.of(
                        run("r2"),
                        new KeySelection.Listed("order", parquet, Format.PARQUET),
                        CHOICE,
                        DuckDbSelectedKeysTest::orders)))
                .containsExactly(seen("k00004"));
    }

    @Test
    void mistakesAreFoundBeforeARunWithFileLineAndMend() throws IOException {
        assertThat(check(query("SELECT \"order\" FROM placed"))).isEmpty();
        assertThat(check(query("SELECT \"order\"\nFROM plaecd")))
                .singleElement()
                .satisfies(mistake -> {
                    assertThat(mistake.file()).isEqualTo(folder.resolve("open.sql"));
                    assertThat(mistake.line()).isEqualTo(2);
                    assertThat(mistake.message()).contains("plaecd");
                    assertThat(mistake.mend()).isEqualTo("mend the SQL");
                });
        assertThat(check(query("SELECT amount FROM placed")).getFirst().message())
                .isEqualTo("no column order");
        assertThat(check(query("SELECT 1 AS \"order\"")).getFirst().message()).isEqualTo("order is INTEGER");
        Path file = Files.writeString(folder.resolve("vip.csv"), "ordre\nk00001\n");
        assertThat(check(new KeySelection.Listed("order", file, Format.CSV)))
                .singleElement()
                .satisfies(mistake -> assertThat(mistake.render()).contains("vip.csv", "order"));
    }

    private List<Mistake> check(KeySelection selection) {
        return keys.check(new SystemDefinition(
                "shop",
                "",
                "hash",
                folder,
                List.of(new EntityDefinition("order", "order")),
                CHOICE.views(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new InferencePipelineDefinition("open", new Cadence.Manual(), "live", selection))));
    }

    private List<SelectedKey> select(String runId, String sql) {
        return read(keys.of(run(runId), query(sql), CHOICE, DuckDbSelectedKeysTest::orders));
    }

    private List<SelectedKey> list(String runId, String name, Format format, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return read(keys.of(
                run(runId), new KeySelection.Listed("order", file, format), CHOICE, DuckDbSelectedKeysTest::orders));
    }

    private KeySelection query(String sql) {
        return new KeySelection.Query("order", folder.resolve("open.sql"), sql);
    }

    private static BatchRun run(String runId) {
        return new BatchRun(runId, "shop", "open");
    }

    private static List<SelectedKey> read(Selected selected) {
        var all = new ArrayList<SelectedKey>();
        try (selected) {
            selected.forEachRemaining(all::add);
        }
        return all;
    }

    private SelectedKey seen(String key) {
        return new SelectedKey(key, true);
    }

    private static String key(int order) {
        return "k%05d".formatted(order);
    }

    /** Order n is of n, was placed before the instant and is due after it; every second has come back. */
    private static KeysAsOf orders() {
        return keysAsOf(IntStream.range(0, ORDERS)
                .mapToObj(order -> new KeyAsOf(
                        key(order),
                        List.of(
                                Optional.of(new KeyAsOf.Row(
                                        AS_OF - 1,
                                        List.of(
                                                new Value.Float64(order),
                                                Value.Null.NULL,
                                                new Value.Int64(AS_OF + 1)))),
                                order % 2 == 0
                                        ? Optional.of(new KeyAsOf.Row(AS_OF - 1, List.of(new Value.Bool(true))))
                                        : Optional.empty())))
                .iterator());
    }

    private static KeysAsOf keysAsOf(Iterator<KeyAsOf> keys) {
        return new KeysAsOf() {
            @Override
            public boolean hasNext() {
                return keys.hasNext();
            }

            @Override
            public KeyAsOf next() {
                return keys.next();
            }

            @Override
            public void close() {}
        };
    }

    private static ViewDefinition view(String name, FeatureDefinition... features) {
        return new ViewDefinition(
                name, "order", Optional.empty(), FeatureRead.Boundary.INCLUSIVE, List.of(features), "v1");
    }
}

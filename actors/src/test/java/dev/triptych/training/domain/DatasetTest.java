package dev.triptych.training.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DatasetTest {

    private static final FeatureRead PRICE = read("sale", "price", FeatureType.FLOAT64, Optional.empty());
    private static final FeatureRead ROOMS = read("house", "rooms", FeatureType.INT64, Optional.empty());
    private static final FeatureRead RATE = read("market", "rate", FeatureType.FLOAT64, Optional.of(10L));
    private static final FeatureRead TOWN = read("house", "town", FeatureType.STRING, Optional.empty());
    private static final DatasetSchema SCHEMA =
            new DatasetSchema(PRICE, List.of(ROOMS, RATE, TOWN), 2, OptionalInt.of(2));

    private final DatasetAssembly assembly = new DatasetAssembly(SCHEMA);
    private final List<DatasetRow> rows = new ArrayList<>();

    @Test
    void readsEachLabelsFeaturesAsOfItsOwnTime() {
        assembly.assemble(
                "k",
                List.of(
                        house(0, 3, "Ulm"),
                        house(50, 4, "Ulm"),
                        rate(35, 0.5),
                        sale(40, 100.0),
                        // Written last, and yet part of the past that the first sale saw.
                        house(30, 5, "Bonn"),
                        sale(60, 200.0)),
                rows::add);

        assertThat(rows)
                .containsExactly(
                        // The house as of 40 is that of 30; the rate of 35 is fresh enough.
                        row(40, 100, whole(5), real(0.5), text("Bonn")),
                        // At 60 the rate of 35 is more than 10 old: a model never sees it.
                        row(60, 200, whole(4), Value.Null.NULL, text("Ulm")));
    }

    @Test
    void takesTheCorrectedLabelOnceAndLeavesOutAMissingOne() {
        assembly.assemble("k", List.of(sale(40, 100.0), sale(40, 110.0), sale(50, null)), rows::add);

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().label()).isEqualTo(real(110));
        assertThat(assembly.rowsWithoutLabel()).isEqualTo(1);
    }

    @Test
    void hashesEqualDatasetsEquallyAndOthersOtherwise() {
        String hash = hash(SCHEMA, row(1, 100, whole(3), real(0.5), text("ab")));

        assertThat(hash(SCHEMA, row(1, 100, whole(3), real(0.5), text("ab")))).isEqualTo(hash);
        var others = List.of(
                hash(SCHEMA),
                hash(SCHEMA, row(2, 100, whole(3), real(0.5), text("ab"))),
                hash(SCHEMA, row(1, 101, whole(3), real(0.5), text("ab"))),
                hash(SCHEMA, row(1, 100, real(3), real(0.5), text("ab"))),
                hash(SCHEMA, row(1, 100, whole(3), Value.Null.NULL, text("ab"))),
                hash(SCHEMA, row(1, 100, whole(3), real(0.5), text("a"))),
                hash(
                        new DatasetSchema(PRICE, List.of(ROOMS, RATE, TOWN), 3, OptionalInt.of(2)),
                        row(1, 100, whole(3), real(0.5), text("ab"))),
                hash(
                        new DatasetSchema(
                                PRICE,
                                List.of(ROOMS, read("market", "rate", FeatureType.FLOAT64, Optional.of(11L)), TOWN),
                                2,
                                OptionalInt.of(2)),
                        row(1, 100, whole(3), real(0.5), text("ab"))));
        assertThat(others).doesNotHaveDuplicates().doesNotContain(hash);
    }

    /** Computed apart, in Python, from the encoding as it is described; texts are 0 to 2,970 letters long. */
    @Test
    void hashesADatasetAsItDidWhenHashesWereFirstRecorded() {
        DatasetRow[] many = IntStream.range(0, 100)
                .mapToObj(i -> row(i, 100.0 + i, whole(3), Value.Null.NULL, text("a".repeat(30 * i))))
                .toArray(DatasetRow[]::new);

        assertThat(hash(SCHEMA, many)).isEqualTo("86a5f2eb224565d1230cfa2f8c3b2f45a32197bda3be71e4490a3e058ff8a00d");
    }

    @Test
    void groupsRowsByTheGroupsValueAndThoseWithoutOneByTheirKey() {
        Dataset dataset = dataset(
                SCHEMA, row(1, 1, whole(3), real(1), text("Ulm")), row(2, 1, whole(3), real(1), Value.Null.NULL));

        assertThat(dataset.group(0)).isEqualTo("value:Ulm");
        assertThat(dataset.group(1)).isEqualTo("key:k");
        assertThat(dataset.inputs(0)).containsExactly(whole(3), real(1));
    }

    /** By hand: the mean of all is 40, of three rooms 20, of four 60. */
    @Test
    void baselinesAnswerWithWhatTheirTrainingRowsSay() {
        Dataset dataset = dataset(
                SCHEMA,
                row(1, 10, whole(3), real(1), text("a")),
                row(2, 30, whole(3), real(1), text("a")),
                row(3, 60, whole(4), real(1), text("a")),
                row(4, 60, whole(4), real(1), text("a")),
                row(5, 900, whole(5), real(1), text("a")));
        Signature signature = Labels.signature("house", Task.REGRESSION, dataset);
        int[] training = {0, 1, 2, 3};

        var mean = BaselineRule.fit(new BaselineDefinition("mean", Optional.empty()), signature, dataset, training);
        var byRooms =
                BaselineRule.fit(new BaselineDefinition("rooms", Optional.of("rooms")), signature, dataset, training);

        assertThat(mean.score(dataset.rows().get(4))).containsExactly(40);
        assertThat(byRooms.score(dataset.rows().get(0))).containsExactly(20);
        assertThat(byRooms.score(dataset.rows().get(2))).containsExactly(60);
        // Five rooms are not among the training rows.
        assertThat(byRooms.score(dataset.rows().get(4))).containsExactly(40);
    }

    @Test
    void baselinesOfAClassificationGiveTheFrequencies() {
        FeatureRead sold = read("sale", "sold", FeatureType.BOOL, Optional.empty());
        var schema = new DatasetSchema(sold, List.of(ROOMS), 1, OptionalInt.empty());
        var dataset = dataset(
                schema,
                new DatasetRow("a", 0, new Value.Bool(true), List.of(whole(3))),
                new DatasetRow("b", 0, new Value.Bool(true), List.of(whole(3))),
                new DatasetRow("c", 0, new Value.Bool(false), List.of(whole(3))),
                new DatasetRow("d", 0, new Value.Bool(false), List.of(whole(4))));
        Signature signature = Labels.signature("house", Task.CLASSIFICATION, dataset);

        var rule = BaselineRule.fit(
                new BaselineDefinition("rooms", Optional.of("house.rooms")), signature, dataset, new int[] {0, 1, 2, 3
                });

        assertThat(signature.outputs()).containsExactly("false", "true");
        assertThat(rule.score(dataset.rows().getFirst())).containsExactly(1 / 3.0, 2 / 3.0);
        assertThat(BaselineRule.shown(List.of(), signature))
                .extracting(BaselineDefinition::name)
                .containsExactly("majority");
    }

    @Test
    void saysWhatIsWrongWithALabel() {
        FeatureRead sold = read("sale", "sold", FeatureType.BOOL, Optional.empty());
        var schema = new DatasetSchema(sold, List.of(), 0, OptionalInt.empty());
        var always = dataset(schema, new DatasetRow("a", 0, new Value.Bool(true), List.of()));

        assertThatThrownBy(() -> Labels.signature("house", Task.CLASSIFICATION, always))
                .isInstanceOf(UnusableDatasetException.class)
                .hasMessage("label sale.sold: 1 different outcomes in 1 rows (expected: 2 to 1000)");
        assertThatThrownBy(() -> Labels.outcome(new Value.Float64(0.5))).hasMessageContaining("0.5");
        assertThatThrownBy(() -> Labels.number(new Value.Text("much"))).hasMessageContaining("much");
        assertThatThrownBy(() -> Labels.number(new Value.Float64(Double.NaN))).hasMessageContaining("NaN");
    }

    private static String hash(DatasetSchema schema, DatasetRow... rows) {
        return dataset(schema, rows).hash();
    }

    private static Dataset dataset(DatasetSchema schema, DatasetRow... rows) {
        var collector = new DatasetAssembly.Collector(schema);
        Arrays.stream(rows).forEach(collector);
        return collector.dataset(0);
    }

    private static DatasetRow row(long eventMicros, double price, Value... values) {
        return new DatasetRow("k", eventMicros, real(price), List.of(values));
    }

    private static FeatureEvent house(long eventMicros, long rooms, String town) {
        return written("house", List.of("rooms", "town"), "is", eventMicros, whole(rooms), text(town));
    }

    private static FeatureEvent rate(long eventMicros, double rate) {
        return written("market", List.of("rate"), "f", eventMicros, real(rate));
    }

    private static FeatureEvent sale(long eventMicros, @Nullable Double price) {
        return written("sale", List.of("price"), "f", eventMicros, price == null ? Value.Null.NULL : real(price));
    }

    private static FeatureEvent written(
            String view, List<String> names, String types, long eventMicros, Value... values) {
        return new FeatureEvent.RowsWritten(
                view, names, types, List.of(new FeatureRow(eventMicros, List.of(values))), 1_000, Optional.empty());
    }

    private static Value whole(long number) {
        return new Value.Int64(number);
    }

    private static Value real(double number) {
        return new Value.Float64(number);
    }

    private static Value text(String text) {
        return new Value.Text(text);
    }

    private static FeatureRead read(String view, String feature, FeatureType type, Optional<Long> ttlMicros) {
        return new FeatureRead(view, feature, type, ttlMicros, FeatureRead.Boundary.INCLUSIVE);
    }
}

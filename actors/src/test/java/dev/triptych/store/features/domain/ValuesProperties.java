package dev.triptych.store.features.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** A row's values, however they are held, are the list they were made of. */
class ValuesProperties {

    @Property(tries = 300)
    void areTheListTheyWereMadeOf(@ForAll("values") List<Value> values) {
        Values held = Values.copyOf(values);

        assertThat(held).isEqualTo(values).hasSameHashCodeAs(values);
        assertThat(values).isEqualTo(held);
        assertThat(Values.copyOf(List.copyOf(values))).isEqualTo(held);
    }

    @Property(tries = 300)
    void differWhereOneValueDiffers(@ForAll("values") List<Value> values, @ForAll("value") Value other) {
        for (int i = 0; i < values.size(); i++) {
            var changed = new ArrayList<>(values);
            changed.set(i, other);

            assertThat(Values.copyOf(changed).equals(Values.copyOf(values))).isEqualTo(other.equals(values.get(i)));
        }
    }

    /** Longer than the kinds that fit one word. */
    @Provide
    Arbitrary<List<Value>> values() {
        return Arbitraries.oneOf(value(), scalar()).list().ofMaxSize(70);
    }

    @Provide
    Arbitrary<Value> value() {
        return Arbitraries.frequencyOf(
                Tuple.of(20, scalar()),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(3).map(Value.Text::new)));
    }

    private static Arbitrary<Value> scalar() {
        return Arbitraries.oneOf(
                Arbitraries.just(Value.Null.NULL),
                Arbitraries.of(true, false).map(Value.Bool::new),
                Arbitraries.longs().map(Value.Int64::new),
                Arbitraries.of(0.0, -0.0, 1.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE)
                        .map(Value.Float64::new),
                Arbitraries.doubles().map(Value.Float64::new));
    }
}

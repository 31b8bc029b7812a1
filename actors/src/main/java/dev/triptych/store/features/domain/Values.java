package dev.triptych.store.features.domain;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row: an immutable list that may be kept without copying it. A reader of many rows makes its own, over
 * columns, so that a value that nobody looks at costs nothing.
 */
public abstract class Values extends AbstractList<Value> implements RandomAccess {

    /** @param values null stands for {@link Value.Null}, as it does where values are stored */
    public static Values copyOf(List<? extends @Nullable Value> values) {
        if (values instanceof Values immutable) {
            return immutable;
        }
        var copy = new Value[values.size()];
        boolean scalar = true;
        int position = 0;
        for (@Nullable Value value : values) {
            Value held = value == null ? Value.Null.NULL : value;
            scalar &= !(held instanceof Value.Text);
            copy[position++] = held;
        }
        return scalar ? ScalarValues.of(copy) : new Held(copy);
    }

    private static final class Held extends Values {
        private final Value[] values;

        Held(Value[] values) {
            this.values = values;
        }

        @Override
        public Value get(int index) {
            return values[index];
        }

        @Override
        public int size() {
            return values.length;
        }
    }
}

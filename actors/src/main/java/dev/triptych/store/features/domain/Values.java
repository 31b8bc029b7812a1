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

    /** @param values null stands for {@link Value.Null} */
    public static Values copyOf(List<? extends @Nullable Value> values) {
        if (values instanceof Values immutable) {
            return immutable;
        }
        var copy = new Value[values.size()];
        int position = 0;
        for (@Nullable Value value : values) {
            copy[position++] = value == null ? Value.Null.NULL : value;
        }
        return new Held(copy);
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

package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.features.domain.Values;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/**
 * Up to two thousand rows of a read, copied column by column out of DuckDB's memory. Ten million rows of five
 * numbers take a second this way and ten with a call a cell, and the values stay primitive until someone asks for one.
 */
final class SegmentChunk {

    /** Columns before the features: key, event time, ingest time, sequence number, index in its event. */
    static final int FIXED_COLUMNS = 5;

    static final SegmentChunk EMPTY = new SegmentChunk();

    private final int rows;
    private final long[] eventMicros;
    private final long[] ingestMicros;
    private final long[] sequenceNrs;
    private final int[] rowIndexes;
    private final Column[] features;

    /** Good until the next chunk is fetched. */
    private final @Nullable DuckDBReadableVector keys;

    private SegmentChunk() {
        rows = 0;
        eventMicros = new long[0];
        ingestMicros = eventMicros;
        sequenceNrs = eventMicros;
        rowIndexes = new int[0];
        features = new Column[0];
        keys = null;
    }

    /** @param types one type code a feature */
    SegmentChunk(DuckDBDataChunkReader chunk, String types) {
        rows = Math.toIntExact(chunk.rowCount());
        keys = chunk.vector(0);
        eventMicros = longs(chunk.vector(1));
        ingestMicros = longs(chunk.vector(2));
        sequenceNrs = longs(chunk.vector(3));
        rowIndexes = ints(chunk.vector(4));
        features = new Column[types.length()];
        for (int i = 0; i < features.length; i++) {
            features[i] = column(chunk.vector(FIXED_COLUMNS + i), types.charAt(i));
        }
    }

    int rows() {
        return rows;
    }

    long ingestMicros(int row) {
        return ingestMicros[row];
    }

    long sequenceNr(int row) {
        return sequenceNrs[row];
    }

    /** Which of its event's rows it is. */
    int rowIndex(int row) {
        return rowIndexes[row];
    }

    FeatureRow featureRow(int row) {
        return new FeatureRow(eventMicros[row], new RowOfColumns(features, row));
    }

    String key(int row) {
        if (keys == null) {
            throw new IndexOutOfBoundsException("row: " + row + " (expected: none, the chunk is empty)");
        }
        return keys.getString(row);
    }

    /**
     * The first row after {@code from} that has another key, or the end. Keys are sorted, so it is found in leaps: text
     * is the one thing that is dear to read here.
     *
     * @param likely how many rows the key may have, where it is known; most keys of a view have as many as others
     */
    int endOfKey(String key, int from, int likely) {
        int same = from;
        int leap = Math.max(1, likely - 1);
        while (same + leap < rows && key(same + leap).equals(key)) {
            same += leap;
            leap = leap == likely - 1 ? 1 : 2 * leap;
        }
        int other = Math.min(same + leap, rows);
        while (other - same > 1) {
            int middle = (same + other) >>> 1;
            if (key(middle).equals(key)) {
                same = middle;
            } else {
                other = middle;
            }
        }
        return other;
    }

    private static long[] longs(DuckDBReadableVector vector) {
        var values = new long[Math.toIntExact(vector.rowCount())];
        for (int row = 0; row < values.length; row++) {
            values[row] = vector.getLong(row);
        }
        return values;
    }

    private static int[] ints(DuckDBReadableVector vector) {
        var values = new int[Math.toIntExact(vector.rowCount())];
        for (int row = 0; row < values.length; row++) {
            values[row] = vector.getInt(row);
        }
        return values;
    }

    private interface Column {
        Value value(int row);
    }

    private static Column column(DuckDBReadableVector vector, char type) {
        int rows = Math.toIntExact(vector.rowCount());
        var present = new boolean[rows];
        switch (type) {
            case 'f' -> {
                var values = new double[rows];
                for (int row = 0; row < rows; row++) {
                    if (!vector.isNull(row)) {
                        present[row] = true;
                        values[row] = vector.getDouble(row);
                    }
                }
                return row -> present[row] ? new Value.Float64(values[row]) : Value.Null.NULL;
            }
            case 'i', 't' -> {
                var values = new long[rows];
                for (int row = 0; row < rows; row++) {
                    if (!vector.isNull(row)) {
                        present[row] = true;
                        values[row] = vector.getLong(row);
                    }
                }
                return row -> present[row] ? new Value.Int64(values[row]) : Value.Null.NULL;
            }
            case 'b' -> {
                var values = new Value[rows];
                for (int row = 0; row < rows; row++) {
                    values[row] = vector.isNull(row) ? Value.Null.NULL : Value.Bool.of(vector.getBoolean(row));
                }
                return row -> values[row];
            }
            case 's' -> {
                var values = new Value[rows];
                for (int row = 0; row < rows; row++) {
                    values[row] = vector.isNull(row) ? Value.Null.NULL : new Value.Text(vector.getString(row));
                }
                return row -> values[row];
            }
            default -> throw new IllegalArgumentException("type code: " + type + " (expected: one of b, i, f, s, t)");
        }
    }

    private static final class RowOfColumns extends Values {
        private final Column[] columns;
        private final int row;

        RowOfColumns(Column[] columns, int row) {
            this.columns = columns;
            this.row = row;
        }

        @Override
        public Value get(int index) {
            return columns[index].value(row);
        }

        @Override
        public int size() {
            return columns.length;
        }
    }
}

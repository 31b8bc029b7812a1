package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A key's rows in one view: one for each event time, the last ingested, in event-time order. Columns rather than row
 * objects: a million keys are resident at once, and a dataset folds ten million rows.
 */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NONE)
final class ViewRows {

    static final ViewRows NONE = exactly(new long[0], new Values[0], new FeatureSchema[0], Long.MIN_VALUE);

    /** From this many rows on there is room for more, so that a long history that arrives in order folds in linear time. */
    private static final int ROOMY_FROM_ROWS = 128;

    private final int size;

    /** Ascending, each once; beyond {@code size} is room, or rows of a later state that shares this array. */
    private final long[] eventMicros;

    private final Values[] values;

    /**
     * How many rows the states that share the arrays have taken together; null where there is no room. A state that
     * moves it on from its own size owns what lies between, so that states stay immutable to all who hold them.
     */
    private final @Nullable AtomicInteger taken;

    /** One for all rows where they share it, else one a row, since a view's may change over time. */
    private final FeatureSchema[] schemas;

    private final long floorMicros;

    private ViewRows(
            int size,
            long[] eventMicros,
            Values[] values,
            @Nullable AtomicInteger taken,
            FeatureSchema[] schemas,
            long floorMicros) {
        this.size = size;
        this.taken = taken;
        this.eventMicros = eventMicros;
        this.values = values;
        this.schemas = schemas;
        this.floorMicros = floorMicros;
    }

    private static ViewRows exactly(long[] eventMicros, Values[] values, FeatureSchema[] schemas, long floorMicros) {
        return new ViewRows(eventMicros.length, eventMicros, values, null, schemas, floorMicros);
    }

    /**
     * As stored in a snapshot.
     *
     * @param schemas each once
     * @param schemaOfRow position in {@code schemas}, one a row; empty where there is only one
     */
    @JsonCreator
    static ViewRows of(
            @JsonProperty("s") List<FeatureSchema> schemas,
            @JsonProperty("x") List<Integer> schemaOfRow,
            @JsonProperty("r") List<FeatureRow> rows,
            @JsonProperty("f") long floorMicros) {
        return exactly(
                rows.stream().mapToLong(FeatureRow::eventMicros).toArray(),
                rows.stream().map(row -> Values.copyOf(row.values())).toArray(Values[]::new),
                schemaOfRow.isEmpty()
                        ? schemas.toArray(FeatureSchema[]::new)
                        : schemaOfRow.stream().map(schemas::get).toArray(FeatureSchema[]::new),
                floorMicros);
    }

    @JsonProperty("s")
    private List<FeatureSchema> distinctSchemas() {
        return List.copyOf(new LinkedHashSet<>(Arrays.asList(schemas)));
    }

    @JsonProperty("x")
    private List<Integer> schemaOfRow() {
        List<FeatureSchema> distinct = distinctSchemas();
        return distinct.size() < 2
                ? List.of()
                : Arrays.stream(schemas).map(distinct::indexOf).toList();
    }

    @JsonProperty("r")
    List<FeatureRow> rows() {
        var rows = new ArrayList<FeatureRow>(size);
        for (int i = 0; i < size; i++) {
            rows.add(new FeatureRow(eventMicros[i], values[i]));
        }
        return rows;
    }

    /** Rows before this event time may be missing; {@link Long#MIN_VALUE} where none is. */
    @JsonProperty("f")
    long floorMicros() {
        return floorMicros;
    }

    int size() {
        return size;
    }

    long eventMicros(int position) {
        return eventMicros[position];
    }

    Values values(int position) {
        return values[position];
    }

    FeatureSchema schema(int position) {
        return schemas.length == 1 ? schemas[0] : schemas[position];
    }

    /** The shared schema of these names and types, which mostly is the one of the rows before. */
    FeatureSchema schema(List<String> names, String types) {
        if (size > 0) {
            FeatureSchema newest = schema(size - 1);
            if (newest.types().equals(types) && newest.names().equals(names)) {
                return newest;
            }
        }
        return FeatureSchema.of(names, types);
    }

    /** Merges an event's rows, then lets go of what the retention does not keep. */
    ViewRows plus(FeatureSchema schema, List<FeatureRow> arrived, long ingestMicros, Retention retention) {
        List<FeatureRow> sorted = inOrder(arrived);
        if (taken != null && follows(sorted, schema, retention) && taken.compareAndSet(size, size + sorted.size())) {
            return appended(sorted);
        }
        var merged = new Merge(sorted, schema, retention);
        int old = 0;
        for (int i = 0; i < sorted.size(); i++) {
            FeatureRow row = sorted.get(i);
            boolean repeatedLater = i + 1 < sorted.size() && sorted.get(i + 1).eventMicros() == row.eventMicros();
            if (repeatedLater) {
                continue;
            }
            int from = old;
            while (old < size && eventMicros[old] < row.eventMicros()) {
                old++;
            }
            merged.keep(from, old);
            if (old < size && eventMicros[old] == row.eventMicros()) {
                old++;
            }
            merged.add(row);
        }
        merged.keep(old, size);
        return merged.trimmed(ingestMicros, retention);
    }

    /** Whether these rows only go on from here, nothing is let go of, and there is room for them. */
    private boolean follows(List<FeatureRow> sorted, FeatureSchema schema, Retention retention) {
        int end = size + sorted.size();
        if (end > eventMicros.length || end > retention.rowsPerView() || schemas.length != 1 || schemas[0] != schema) {
            return false;
        }
        long before = eventMicros[size - 1];
        for (FeatureRow row : sorted) {
            if (row.eventMicros() <= before) {
                return false;
            }
            before = row.eventMicros();
        }
        return true;
    }

    private ViewRows appended(List<FeatureRow> sorted) {
        int end = size;
        for (FeatureRow row : sorted) {
            eventMicros[end] = row.eventMicros();
            values[end++] = Values.copyOf(row.values());
        }
        return new ViewRows(end, eventMicros, values, taken, schemas, floorMicros);
    }

    /** Stable, so that of two rows of one time the later arrived stays last; free where they are in order already. */
    private static List<FeatureRow> inOrder(List<FeatureRow> arrived) {
        for (int i = 1; i < arrived.size(); i++) {
            if (arrived.get(i).eventMicros() < arrived.get(i - 1).eventMicros()) {
                var sorted = new ArrayList<>(arrived);
                sorted.sort((a, b) -> Long.compare(a.eventMicros(), b.eventMicros()));
                return sorted;
            }
        }
        return arrived;
    }

    /** Rows of before and of now, as they are laid one after the other. */
    private final class Merge {
        private final FeatureSchema arriving;
        private final boolean oneSchema;
        private final long[] mergedMicros;
        private final Values[] mergedValues;
        private final FeatureSchema[] mergedSchemas;
        private final boolean roomy;
        private int end;

        Merge(List<FeatureRow> sorted, FeatureSchema arriving, Retention retention) {
            int rowsMax = size + sorted.size();
            this.arriving = arriving;
            this.oneSchema = schemas.length == 0 || (schemas.length == 1 && schemas[0].equals(arriving));
            this.roomy = oneSchema
                    && size >= ROOMY_FROM_ROWS
                    && rowsMax <= retention.rowsPerView() / 2
                    && !sorted.isEmpty()
                    && sorted.getFirst().eventMicros() > eventMicros[size - 1];
            this.mergedMicros = new long[roomy ? rowsMax + rowsMax / 2 : rowsMax];
            this.mergedValues = new Values[mergedMicros.length];
            this.mergedSchemas = oneSchema ? arriving.alone() : new FeatureSchema[rowsMax];
        }

        void keep(int from, int to) {
            System.arraycopy(eventMicros, from, mergedMicros, end, to - from);
            System.arraycopy(values, from, mergedValues, end, to - from);
            if (!oneSchema) {
                for (int i = from; i < to; i++) {
                    mergedSchemas[end + i - from] = schema(i);
                }
            }
            end += to - from;
        }

        void add(FeatureRow row) {
            mergedMicros[end] = row.eventMicros();
            mergedValues[end] = Values.copyOf(row.values());
            if (!oneSchema) {
                mergedSchemas[end] = arriving;
            }
            end++;
        }

        ViewRows trimmed(long ingestMicros, Retention retention) {
            if (roomy) {
                return new ViewRows(
                        end, mergedMicros, mergedValues, new AtomicInteger(end), mergedSchemas, floorMicros);
            }
            int visible = end;
            while (visible > 0 && mergedMicros[visible - 1] > ingestMicros) {
                visible--;
            }
            int dropped = Math.max(0, visible - retention.rowsPerView());
            if (dropped == 0 && end == mergedMicros.length) {
                return exactly(mergedMicros, mergedValues, mergedSchemas, floorMicros);
            }
            return exactly(
                    Arrays.copyOfRange(mergedMicros, dropped, end),
                    Arrays.copyOfRange(mergedValues, dropped, end),
                    oneSchema ? mergedSchemas : shared(Arrays.copyOfRange(mergedSchemas, dropped, end)),
                    dropped == 0 ? floorMicros : Math.max(floorMicros, mergedMicros[dropped]));
        }

        /** Once the last row of a former schema has left, the rows share one again. */
        private static FeatureSchema[] shared(FeatureSchema[] ofRows) {
            for (FeatureSchema schema : ofRows) {
                if (!schema.equals(ofRows[0])) {
                    return ofRows;
                }
            }
            return ofRows[0].alone();
        }
    }

    /** Position of the newest row at or before an instant, or strictly before it; -1 if there is none. */
    int visible(long asOfMicros, FeatureRead.Boundary boundary) {
        int at = Arrays.binarySearch(eventMicros, 0, size, asOfMicros);
        if (at < 0) {
            return -at - 2;
        }
        return boundary == FeatureRead.Boundary.INCLUSIVE ? at : at - 1;
    }

    /** Whether the row at that event time is this one already, value for value. */
    boolean says(FeatureSchema schema, FeatureRow row) {
        int at = Arrays.binarySearch(eventMicros, 0, size, row.eventMicros());
        return at >= 0 && schema(at).equals(schema) && values[at].equals(row.values());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ViewRows view
                && floorMicros == view.floorMicros
                && rows().equals(view.rows())
                && distinctSchemas().equals(view.distinctSchemas())
                && schemaOfRow().equals(view.schemaOfRow());
    }

    @Override
    public int hashCode() {
        return rows().hashCode();
    }

    @Override
    public String toString() {
        return rows().toString();
    }
}

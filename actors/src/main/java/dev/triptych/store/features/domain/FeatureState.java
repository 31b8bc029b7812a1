package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The features of one entity: the one fold over its events. The live entity, past reads, training datasets, batch
 * inference and replay all apply and read through this class, so they cannot disagree.
 *
 * <p>Laws: reading does not depend on the order rows arrived in, but that of two rows with one event time the later
 * arrived is read; a repeated event changes nothing that can be read; a read never shows a row of after its instant; a
 * state that keeps less answers as one that keeps all, wherever {@link #covers} holds.
 *
 * <p>Immutable. {@code apply} costs O(rows kept + rows of the event), {@code read} O(log rows) a feature.
 *
 * @param retention how much of the past is kept
 * @param views rows by view
 * @param writeIds the last {@value #WRITE_IDS_MAX} write ids, oldest first; a write repeated after that many others
 *     is recognised by its rows alone
 * @param lastIngestMicros ingest time of the last event
 * @param erasedMicros event time up to which all rows were erased, and later ones are not taken; empty for a key that
 *     never was
 */
public record FeatureState(
        @JsonProperty("k") Retention retention,
        @JsonProperty("v") Map<String, ViewRows> views,
        @JsonProperty("w") List<String> writeIds,
        @JsonProperty("i") long lastIngestMicros,

        @JsonProperty("e") @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<Long> erasedMicros)
        implements CborSerializable {

    /** Rows that one write may bring, so that an event stays small enough to be read as one. */
    public static final int ROWS_PER_WRITE_MAX = 1_000;

    private static final int WRITE_IDS_MAX = 32;
    private static final int REASON_LENGTH_MAX = 1_000;

    private static final FeatureValue NOT_FOUND =
            new FeatureValue(Value.Null.NULL, FeatureValue.Status.NOT_FOUND, Optional.empty());
    private static final FeatureValue ERASED =
            new FeatureValue(Value.Null.NULL, FeatureValue.Status.ERASED, Optional.empty());

    public FeatureState {
        views = Map.copyOf(views);
        writeIds = List.copyOf(writeIds);
    }

    public static FeatureState empty(Retention retention) {
        return new FeatureState(retention, Map.of(), List.of(), Long.MIN_VALUE, Optional.empty());
    }

    /** Total over every event ever written. */
    public FeatureState apply(FeatureEvent event) {
        return switch (event) {
            case FeatureEvent.RowsWritten written when written.wasErased() -> withoutRows(written, Long.MIN_VALUE);
            case FeatureEvent.RowsWritten written -> apply(written);
            case FeatureEvent.Erased erased -> withoutRows(erased, erased.throughMicros());
        };
    }

    private FeatureState withoutRows(FeatureEvent event, long throughMicros) {
        long erasedThrough = Math.max(throughMicros, erasedMicros.orElse(Long.MIN_VALUE));
        return new FeatureState(retention, Map.of(), List.of(), event.ingestMicros(), Optional.of(erasedThrough));
    }

    /**
     * What happened to a key, with everything kept, for reads: the rows that {@link #apply} gives event by event, but in
     * one merge where a key has a hundred thousand events. What it remembers of writes is not to decide by.
     */
    public static FeatureState ofAll(List<FeatureEvent> events) {
        FeatureState state = empty(Retention.all());
        var written = new ArrayList<FeatureEvent.RowsWritten>(events.size());
        for (FeatureEvent event : events) {
            if (event instanceof FeatureEvent.RowsWritten rows && !rows.wasErased()) {
                written.add(rows);
            } else {
                state = state.apply(event);
                written.clear();
            }
        }
        for (FeatureEvent.RowsWritten run : RunsOfRows.of(written)) {
            state = state.apply(run);
        }
        return state;
    }

    private FeatureState apply(FeatureEvent.RowsWritten written) {
        ViewRows before = rowsOf(written.view());
        ViewRows rows = before.plus(
                before.schema(written.names(), written.types()), written.rows(), written.ingestMicros(), retention);
        return new FeatureState(
                retention,
                with(written.view(), rows),
                remember(written.writeId()),
                written.ingestMicros(),
                erasedMicros);
    }

    /** Most keys have one view: no copying then. */
    private Map<String, ViewRows> with(String view, ViewRows rows) {
        if (views.isEmpty()) {
            // One name for all keys that have the view, not one for each event that was read.
            return Map.of(view.intern(), rows);
        }
        if (views.size() == 1 && views.containsKey(view)) {
            return Map.of(views.keySet().iterator().next(), rows);
        }
        var changed = new HashMap<>(views);
        changed.put(views.containsKey(view) ? view : view.intern(), rows);
        return changed;
    }

    private List<String> remember(Optional<String> writeId) {
        if (writeId.isEmpty()) {
            return writeIds;
        }
        var ids = new ArrayList<>(writeIds);
        ids.add(writeId.get());
        return ids.size() > WRITE_IDS_MAX ? ids.subList(ids.size() - WRITE_IDS_MAX, ids.size()) : ids;
    }

    private ViewRows rowsOf(String view) {
        return views.getOrDefault(view, ViewRows.NONE);
    }

    /**
     * Each feature as of an instant. A stored whole number is widened where a FLOAT64 is asked for; a value of any
     * other type than asked for is not found.
     *
     * @param asOfMicros event time, UTC microseconds
     */
    public FeatureVector read(List<FeatureRead> reads, long asOfMicros) {
        var values = new FeatureValue[reads.size()];
        @Nullable FeatureRead before = null;
        ViewRows rows = ViewRows.NONE;
        int visible = -1;
        Optional<Long> eventMicros = Optional.empty();
        for (int i = 0; i < values.length; i++) {
            FeatureRead read = reads.get(i);
            // Features of one view are mostly read together: the row is found once for all of them.
            if (before == null || !before.view().equals(read.view()) || before.boundary() != read.boundary()) {
                rows = rowsOf(read.view());
                visible = rows.visible(asOfMicros, read.boundary());
                eventMicros = visible < 0 ? Optional.empty() : Optional.of(rows.eventMicros(visible));
                before = read;
            }
            values[i] = visible < 0 ? nothing() : read(read, asOfMicros, rows, visible, eventMicros);
        }
        return new FeatureVector(List.of(values));
    }

    private FeatureValue nothing() {
        return erasedMicros.isPresent() ? ERASED : NOT_FOUND;
    }

    private static FeatureValue read(
            FeatureRead read, long asOfMicros, ViewRows rows, int visible, Optional<Long> eventMicros) {
        int position = rows.schema(visible).position(read.feature());
        if (position < 0) {
            return NOT_FOUND;
        }
        Value value = rows.values(visible).get(position);
        if (value == Value.Null.NULL) {
            return new FeatureValue(value, FeatureValue.Status.NULL_VALUE, eventMicros);
        }
        if (read.type() == FeatureType.FLOAT64 && value instanceof Value.Int64(long whole)) {
            value = new Value.Float64(whole);
        }
        if (!read.type().holds(value)) {
            return NOT_FOUND;
        }
        boolean tooOld = read.ttlMicros().isPresent()
                && rows.eventMicros(visible)
                        < saturatedMinus(asOfMicros, read.ttlMicros().get());
        return new FeatureValue(
                value, tooOld ? FeatureValue.Status.OUTSIDE_MAX_AGE : FeatureValue.Status.PRESENT, eventMicros);
    }

    private static long saturatedMinus(long micros, long ttlMicros) {
        long difference = micros - ttlMicros;
        return ttlMicros > 0 && difference > micros ? Long.MIN_VALUE : difference;
    }

    /** Whether a read of these features at this instant needs no older row than the state keeps. */
    public boolean covers(List<FeatureRead> reads, long asOfMicros) {
        for (FeatureRead read : reads) {
            if (asOfMicros <= rowsOf(read.view()).floorMicros()) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is known of each of these event times what was written for it. */
    public boolean knows(String view, List<FeatureRow> rows) {
        long floor = rowsOf(view).floorMicros();
        return rows.stream().allMatch(row -> row.eventMicros() >= floor);
    }

    /** A view's rows: one an event time, the last ingested, ascending. */
    public List<FeatureRow> rows(String view) {
        return rowsOf(view).rows();
    }

    /**
     * A view's values of one feature by event time, ascending: the labels of a spine.
     *
     * @return rows of one value each; rows that know no such feature, or as another type, are left out
     */
    public List<FeatureRow> labels(FeatureRead label) {
        var labels = new ArrayList<FeatureRow>();
        ViewRows rows = rowsOf(label.view());
        for (int i = 0; i < rows.size(); i++) {
            int position = rows.schema(i).position(label.feature());
            if (position >= 0 && label.type().holds(rows.values(i).get(position))) {
                labels.add(new FeatureRow(
                        rows.eventMicros(i), List.of(rows.values(i).get(position))));
            }
        }
        return labels;
    }

    /**
     * Decides a write. Rows that say what is already there, value for value, are left out, and so are rows of what was
     * erased; nothing is left to do where the write id is known or all rows are there.
     *
     * @param ingestMicros later than {@link #lastIngestMicros}
     */
    public Decision<FeatureEvent, Invalid> write(
            String view,
            List<String> names,
            String types,
            List<FeatureRow> rows,
            long ingestMicros,
            Optional<String> writeId) {
        Optional<Invalid> invalid = RowsCheck.check(names, types, rows);
        if (invalid.isPresent()) {
            return Decision.refuse(invalid.get());
        }
        if (writeId.isPresent() && writeIds.contains(writeId.get())) {
            return Decision.nothingToDo();
        }
        List<FeatureRow> news = news(view, FeatureSchema.of(names, types), ofThisLife(rows));
        return news.isEmpty()
                ? Decision.nothingToDo()
                : Decision.accept(new FeatureEvent.RowsWritten(view, names, types, news, ingestMicros, writeId));
    }

    /** How many of these rows belong to what was erased, and are not taken. */
    public int rowsErased(List<FeatureRow> rows) {
        return rows.size() - ofThisLife(rows).size();
    }

    private List<FeatureRow> ofThisLife(List<FeatureRow> rows) {
        if (erasedMicros.isEmpty()) {
            return rows;
        }
        long through = erasedMicros.get();
        return rows.stream().filter(row -> row.eventMicros() > through).toList();
    }

    /**
     * Decides an erasure; nothing is left to do where there is nothing that was not erased already.
     *
     * @param ingestMicros later than {@link #lastIngestMicros}
     */
    public Decision<FeatureEvent, Invalid> erase(String by, String reason, long ingestMicros) {
        if (by.isBlank()) {
            return Decision.refuse(new Invalid("by", by, "who asks for it"));
        }
        if (reason.isBlank() || reason.length() > REASON_LENGTH_MAX) {
            return Decision.refuse(
                    new Invalid("reason", reason, "why it is erased, in 1 to " + REASON_LENGTH_MAX + " characters"));
        }
        if (views.isEmpty()) {
            return Decision.nothingToDo();
        }
        // Rows of the future go too, and must not come back with the next run over their source.
        long through = views.values().stream()
                .mapToLong(rows -> rows.eventMicros(rows.size() - 1))
                .reduce(ingestMicros, Math::max);
        return Decision.accept(new FeatureEvent.Erased(ingestMicros, through, by, reason));
    }

    private List<FeatureRow> news(String view, FeatureSchema schema, List<FeatureRow> rows) {
        ViewRows known = rowsOf(view);
        var arriving = new HashMap<Long, FeatureRow>();
        var news = new ArrayList<FeatureRow>();
        for (FeatureRow row : rows) {
            FeatureRow before = arriving.put(row.eventMicros(), row);
            boolean said = before != null ? before.equals(row) : known.says(schema, row);
            if (!said) {
                news.add(row);
            }
        }
        return news;
    }
}

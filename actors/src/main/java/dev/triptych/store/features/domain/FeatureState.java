package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 */
public record FeatureState(
        @JsonProperty("k") Retention retention,
        @JsonProperty("v") Map<String, ViewRows> views,
        @JsonProperty("w") List<String> writeIds,
        @JsonProperty("i") long lastIngestMicros)
        implements CborSerializable {

    private static final int WRITE_IDS_MAX = 32;

    private static final FeatureValue NOT_FOUND =
            new FeatureValue(Value.Null.NULL, FeatureValue.Status.NOT_FOUND, Optional.empty());

    public FeatureState {
        views = Map.copyOf(views);
        writeIds = List.copyOf(writeIds);
    }

    public static FeatureState empty(Retention retention) {
        return new FeatureState(retention, Map.of(), List.of(), Long.MIN_VALUE);
    }

    /** Total over every event ever written. */
    public FeatureState apply(FeatureEvent event) {
        return switch (event) {
            case FeatureEvent.RowsWritten written -> apply(written);
        };
    }

    private FeatureState apply(FeatureEvent.RowsWritten written) {
        FeatureSchema schema = FeatureSchema.of(written.names(), written.types());
        var changed = new HashMap<>(views);
        changed.put(
                written.view(), rowsOf(written.view()).plus(schema, written.rows(), written.ingestMicros(), retention));
        return new FeatureState(retention, changed, remember(written.writeId()), written.ingestMicros());
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
        var values = new ArrayList<FeatureValue>(reads.size());
        for (FeatureRead read : reads) {
            values.add(read(read, asOfMicros));
        }
        return new FeatureVector(values);
    }

    private FeatureValue read(FeatureRead read, long asOfMicros) {
        ViewRows.Kept kept = rowsOf(read.view()).visible(asOfMicros, read.boundary());
        if (kept == null) {
            return NOT_FOUND;
        }
        int position = kept.schema().position(read.feature());
        if (position < 0) {
            return NOT_FOUND;
        }
        long eventMicros = kept.row().eventMicros();
        Value value = kept.row().values().get(position);
        if (value == Value.Null.NULL) {
            return new FeatureValue(value, FeatureValue.Status.NULL_VALUE, Optional.of(eventMicros));
        }
        if (read.type() == FeatureType.FLOAT64 && value instanceof Value.Int64(long whole)) {
            value = new Value.Float64(whole);
        }
        if (!read.type().holds(value)) {
            return NOT_FOUND;
        }
        boolean tooOld = read.ttlMicros().isPresent()
                && eventMicros < saturatedMinus(asOfMicros, read.ttlMicros().get());
        return new FeatureValue(
                value,
                tooOld ? FeatureValue.Status.OUTSIDE_MAX_AGE : FeatureValue.Status.PRESENT,
                Optional.of(eventMicros));
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
        return rowsOf(view).rows().stream().map(ViewRows.Kept::row).toList();
    }

    /**
     * A view's values of one feature by event time, ascending: the labels of a spine.
     *
     * @return rows of one value each; rows that know no such feature, or as another type, are left out
     */
    public List<FeatureRow> labels(FeatureRead label) {
        var labels = new ArrayList<FeatureRow>();
        for (ViewRows.Kept kept : rowsOf(label.view()).rows()) {
            int position = kept.schema().position(label.feature());
            if (position >= 0 && label.type().holds(kept.row().values().get(position))) {
                labels.add(new FeatureRow(
                        kept.row().eventMicros(), List.of(kept.row().values().get(position))));
            }
        }
        return labels;
    }

    /**
     * Decides a write. Rows that say what is already there, value for value, are left out; nothing is left to do where
     * the write id is known or all rows are there.
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
        List<FeatureRow> news = news(view, FeatureSchema.of(names, types), rows);
        return news.isEmpty()
                ? Decision.nothingToDo()
                : Decision.accept(new FeatureEvent.RowsWritten(view, names, types, news, ingestMicros, writeId));
    }

    private List<FeatureRow> news(String view, FeatureSchema schema, List<FeatureRow> rows) {
        ViewRows known = rowsOf(view);
        var arriving = new HashMap<Long, FeatureRow>();
        var news = new ArrayList<FeatureRow>();
        for (FeatureRow row : rows) {
            FeatureRow before = arriving.put(row.eventMicros(), row);
            ViewRows.Kept kept = known.at(row.eventMicros());
            boolean said = before != null ? before.equals(row) : kept != null && kept.says(schema, row);
            if (!said) {
                news.add(row);
            }
        }
        return news;
    }
}

package dev.triptych.runtime.duckdb;

import dev.triptych.runtime.duckdb.SegmentStream.Numbered;
import dev.triptych.store.features.SegmentSchema;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The rows of one key as they are read, in time order mostly, and as the events that they came in. */
final class KeyRows {

    private int size;
    private FeatureRow[] rows = new FeatureRow[128];
    private long[] sequenceNrs = new long[128];
    private int[] rowIndexes = new int[128];
    private long[] ingestMicros = new long[128];

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    void add(SegmentChunk chunk, int from, int to) {
        makeRoom(to - from);
        for (int row = from; row < to; row++) {
            rows[size] = chunk.featureRow(row);
            sequenceNrs[size] = chunk.sequenceNr(row);
            rowIndexes[size] = chunk.rowIndex(row);
            ingestMicros[size++] = chunk.ingestMicros(row);
        }
    }

    private void makeRoom(int more) {
        if (size + more > rows.length) {
            int length = Math.max(size + more, 2 * rows.length);
            rows = Arrays.copyOf(rows, length);
            sequenceNrs = Arrays.copyOf(sequenceNrs, length);
            rowIndexes = Arrays.copyOf(rowIndexes, length);
            ingestMicros = Arrays.copyOf(ingestMicros, length);
        }
    }

    /** In the order of their numbers, each with its rows as they arrived. */
    List<Numbered> events(SegmentSchema schema) {
        if (!inJournalOrder()) {
            sort();
        }
        var events = new ArrayList<Numbered>();
        for (int from = 0, to; from < size; from = to) {
            to = from + 1;
            while (to < size && sequenceNrs[to] == sequenceNrs[from]) {
                to++;
            }
            events.add(new Numbered(sequenceNrs[from], event(schema, from, to)));
        }
        return events;
    }

    private RowsWritten event(SegmentSchema schema, int from, int to) {
        return new RowsWritten(
                schema.view(),
                schema.names(),
                schema.types(),
                Arrays.asList(rows).subList(from, to),
                ingestMicros[from],
                Optional.empty());
    }

    private boolean inJournalOrder() {
        for (int row = 1; row < size; row++) {
            if (sequenceNrs[row] < sequenceNrs[row - 1]
                    || (sequenceNrs[row] == sequenceNrs[row - 1] && rowIndexes[row] < rowIndexes[row - 1])) {
                return false;
            }
        }
        return true;
    }

    private void sort() {
        var order = new Integer[size];
        Arrays.setAll(order, row -> row);
        Arrays.sort(order, this::compare);
        FeatureRow[] readRows = Arrays.copyOf(rows, size);
        long[] readNrs = Arrays.copyOf(sequenceNrs, size);
        long[] readMicros = Arrays.copyOf(ingestMicros, size);
        for (int row = 0; row < size; row++) {
            int place = order[row];
            rows[row] = readRows[place];
            sequenceNrs[row] = readNrs[place];
            ingestMicros[row] = readMicros[place];
        }
    }

    private int compare(int left, int right) {
        int byNumber = Long.compare(sequenceNrs[left], sequenceNrs[right]);
        return byNumber != 0 ? byNumber : Integer.compare(rowIndexes[left], rowIndexes[right]);
    }
}

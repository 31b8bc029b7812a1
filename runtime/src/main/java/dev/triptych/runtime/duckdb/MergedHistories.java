package dev.triptych.runtime.duckdb;

import dev.triptych.runtime.duckdb.SegmentStream.Numbered;
import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;

/** Several streams, each sorted by key, as one: all that happened to a key, in the journal's order. */
final class MergedHistories implements Histories {

    private final List<SegmentStream> streams;

    /** Streams that stand at a key not yet given out. */
    private final List<SegmentStream> open = new ArrayList<>();

    /** @param streams closed with this; not yet advanced */
    MergedHistories(List<SegmentStream> streams) {
        this.streams = streams;
        for (SegmentStream stream : streams) {
            if (stream.advance()) {
                open.add(stream);
            }
        }
    }

    @Override
    public boolean hasNext() {
        return !open.isEmpty();
    }

    @Override
    public KeyHistory next() {
        if (open.isEmpty()) {
            throw new NoSuchElementException("every key was read");
        }
        var key = open.getFirst().key();
        for (SegmentStream stream : open) {
            if (compareUtf8(stream.key(), key) < 0) {
                key = stream.key();
            }
        }
        return new KeyHistory(key, take(key));
    }

    /** Takes a key's events from all streams that stand at it, and moves those on. */
    private List<FeatureEvent> take(String key) {
        var numbered = new ArrayList<Numbered>();
        int sources = 0;
        for (var streams = open.iterator(); streams.hasNext(); ) {
            var stream = streams.next();
            if (stream.key().equals(key)) {
                numbered.addAll(stream.events());
                sources++;
                if (!stream.advance()) {
                    streams.remove();
                }
            }
        }
        if (sources > 1) {
            numbered.sort(Comparator.comparingLong(Numbered::sequenceNr));
        }
        var events = new ArrayList<FeatureEvent>(numbered.size());
        for (Numbered each : numbered) {
            events.add(each.event());
        }
        return events;
    }

    @Override
    public void close() {
        streams.forEach(SegmentStream::close);
    }

    /** Compares as DuckDB sorts: by UTF-8 bytes, where Java would put characters beyond U+FFFF before some below. */
    static int compareUtf8(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                // A surrogate stands for a character above all that are written without.
                boolean sameKind = Character.isSurrogate(a) == Character.isSurrogate(b);
                return sameKind ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }
}

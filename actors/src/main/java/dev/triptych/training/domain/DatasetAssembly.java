package dev.triptych.training.domain;

import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds the rows of a dataset from the keys' histories, by the same fold that answers live reads: each row of the
 * label's view is a row of the spine, and its features are read as of its event time.
 */
public final class DatasetAssembly {

    private final DatasetSchema schema;
    private long rowsWithoutLabel;

    public DatasetAssembly(DatasetSchema schema) {
        this.schema = schema;
    }

    /**
     * One key's rows, in event-time order.
     *
     * @param events all of the key's events, in ingest order
     */
    public void assemble(String key, List<FeatureEvent> events, Consumer<DatasetRow> rows) {
        FeatureState state = FeatureState.ofAll(events);
        for (FeatureRow spine : state.labels(schema.label())) {
            Value label = spine.values().getFirst();
            if (label == Value.Null.NULL) {
                rowsWithoutLabel++;
            } else {
                rows.accept(new DatasetRow(
                        key,
                        spine.eventMicros(),
                        label,
                        state.read(schema.reads(), spine.eventMicros()).inputs()));
            }
        }
    }

    /** Rows of the spine left out so far, as their label is missing. */
    public long rowsWithoutLabel() {
        return rowsWithoutLabel;
    }

    /** All of a dataset in memory, from rows in order. */
    public static final class Collector implements Consumer<DatasetRow> {

        /** Beyond this a dataset belongs on disk. */
        public static final int ROWS_MAX = 5_000_000;

        private final DatasetSchema schema;
        private final DatasetDigest digest;
        private final List<DatasetRow> rows = new ArrayList<>();

        public Collector(DatasetSchema schema) {
            this.schema = schema;
            this.digest = new DatasetDigest(schema);
        }

        /** @throws UnusableDatasetException beyond {@value #ROWS_MAX} rows */
        @Override
        public void accept(DatasetRow row) {
            if (rows.size() == ROWS_MAX) {
                throw new UnusableDatasetException("dataset rows: more than " + ROWS_MAX + " (expected: at most "
                        + ROWS_MAX + "; write fewer labels, for example a sample)");
            }
            rows.add(row);
            digest.add(row);
        }

        /** Ends the dataset. */
        public Dataset dataset(long rowsWithoutLabel) {
            return new Dataset(schema, rows, rowsWithoutLabel, digest.hash());
        }
    }
}

package dev.triptych.training.domain;

import dev.triptych.store.features.domain.CanonicalDigest;
import dev.triptych.store.features.domain.FeatureRead;

/**
 * SHA-256 over a dataset's schema and rows, as they come by. Two datasets have one hash exactly if schema, rows and their
 * order are equal.
 */
public final class DatasetDigest {

    private static final String ENCODING = "triptych dataset 1";

    private final CanonicalDigest digest = new CanonicalDigest(ENCODING);

    public DatasetDigest(DatasetSchema schema) {
        read(schema.label());
        digest.number(schema.reads().size());
        schema.reads().forEach(this::read);
        digest.number(schema.inputs());
        digest.number(schema.group().orElse(-1));
    }

    public void add(DatasetRow row) {
        digest.text(row.key());
        digest.number(row.eventMicros());
        digest.value(row.label());
        row.values().forEach(digest::value);
    }

    /** In hex; ends the digest. */
    public String hash() {
        return digest.hash();
    }

    private void read(FeatureRead read) {
        digest.text(read.view());
        digest.text(read.feature());
        digest.letter(read.type().code());
        digest.number(read.ttlMicros().orElse(-1L));
        digest.letter(
                switch (read.boundary()) {
                    case INCLUSIVE -> 'i';
                    case EXCLUSIVE -> 'e';
                });
    }
}

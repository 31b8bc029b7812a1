package dev.triptych.training.domain;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over a dataset's schema and rows, as they come by.
 *
 * <p>The bytes hashed are canonical: a letter for what follows, lengths before text (UTF-8), big-endian numbers, the
 * bits of doubles. Two datasets have one hash exactly if schema, rows and their order are equal. The encoding is part
 * of every hash ever recorded: a change of it needs a new first line.
 */
public final class DatasetDigest {

    private static final String ENCODING = "triptych dataset 1";

    private final MessageDigest digest = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    public DatasetDigest(DatasetSchema schema) {
        text(ENCODING);
        read(schema.label());
        number(schema.reads().size());
        schema.reads().forEach(this::read);
        number(schema.inputs());
        number(schema.group().orElse(-1));
    }

    public void add(DatasetRow row) {
        text(row.key());
        number(row.eventMicros());
        value(row.label());
        row.values().forEach(this::value);
    }

    /** In hex; ends the digest. */
    public String hash() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private void read(FeatureRead read) {
        text(read.view());
        text(read.feature());
        digest.update((byte) read.type().code());
        number(read.ttlMicros().orElse(-1L));
        digest.update((byte)
                switch (read.boundary()) {
                    case INCLUSIVE -> 'i';
                    case EXCLUSIVE -> 'e';
                });
    }

    private void value(Value value) {
        switch (value) {
            case Value.Null missing -> digest.update((byte) 'n');
            case Value.Bool bool -> digest.update((byte) (bool.value() ? 'y' : 'z'));
            case Value.Int64 whole -> {
                digest.update((byte) 'i');
                number(whole.value());
            }
            case Value.Float64 real -> {
                digest.update((byte) 'f');
                number(Double.doubleToLongBits(real.value()));
            }
            case Value.Text text -> {
                digest.update((byte) 's');
                text(text.value());
            }
        }
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        digest.update(bytes);
    }

    private void number(long value) {
        number.clear();
        digest.update(number.putLong(value).flip());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}

package dev.triptych.store.features.domain;

import dev.triptych.kernel.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * SHA-256 over a sequence of values, as they come by.
 *
 * <p>The bytes hashed are canonical: a letter for what follows, lengths before text (UTF-8), big-endian numbers of eight
 * bytes, the bits of doubles. The encoding is part of every hash ever recorded, so it never changes; whoever hashes
 * other things, or in another order, says so in the first text.
 */
public final class CanonicalDigest {

    private static final int PENDING_BYTES = 8_192;

    private final MessageDigest digest = Sha256.digest();

    /** What is not yet digested: many small updates would cost more than the hash. */
    private final ByteBuffer pending = ByteBuffer.allocate(PENDING_BYTES);

    /** @param encoding names what is hashed and the version of its order */
    public CanonicalDigest(String encoding) {
        text(encoding);
    }

    public void letter(char letter) {
        room(1).put((byte) letter);
    }

    public void number(long value) {
        room(Long.BYTES).putLong(value);
    }

    /** Bit for bit, but one not-a-number is as good as another. */
    public void real(double value) {
        number(Double.doubleToLongBits(value));
    }

    public void text(String text) {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    public void bytes(byte[] bytes) {
        number(bytes.length);
        if (bytes.length <= PENDING_BYTES) {
            room(bytes.length).put(bytes);
        } else {
            room(PENDING_BYTES);
            digest.update(bytes);
        }
    }

    public void text(Optional<String> text) {
        letter(text.isPresent() ? 'y' : 'n');
        text.ifPresent(this::text);
    }

    public void value(Value value) {
        switch (value) {
            case Value.Null missing -> letter('n');
            case Value.Bool bool -> letter(bool.value() ? 'y' : 'z');
            case Value.Int64 whole -> {
                letter('i');
                number(whole.value());
            }
            case Value.Float64 real -> {
                letter('f');
                real(real.value());
            }
            case Value.Text text -> {
                letter('s');
                text(text.value());
            }
        }
    }

    /** In hex; ends the digest. */
    public String hash() {
        room(PENDING_BYTES);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The buffer with room for so many bytes more; empty where all of it is asked for. */
    private ByteBuffer room(int bytes) {
        if (pending.remaining() < bytes) {
            digest.update(pending.flip());
            pending.clear();
        }
        return pending;
    }
}

package dev.triptych.inference.domain;

import dev.triptych.definition.domain.Routing;
import dev.triptych.kernel.Sha256;
import dev.triptych.store.features.domain.CanonicalDigest;
import dev.triptych.store.features.domain.Value;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a key lies on a deployment's line of a hundred places: always at the same, evenly, and in each deployment at
 * another.
 *
 * <p>The place is {@code floor(100 × h / 2^64)}, with h the first eight bytes, big-endian and unsigned, of SHA-256 over
 * {@code system}, a zero byte, {@code deployment}, a zero byte and the key, in UTF-8. A row of raw features, which has
 * no key, stands for itself: there the key is the {@link CanonicalDigest} in hex over its features, as they were named,
 * in the order of their names.
 */
public final class KeyPlace {

    private static final String ENCODING = "triptych raw features 1";
    private static final byte SEPARATOR = 0;

    private final byte[] salt;

    public KeyPlace(String system, String deployment) {
        this.salt = (system + "\0" + deployment).getBytes(StandardCharsets.UTF_8);
    }

    /** 0 to 99; under a microsecond. */
    public int of(String key) {
        var digest = Sha256.digest();
        digest.update(salt);
        digest.update(SEPARATOR);
        long hash = ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8)))
                .getLong();
        return (int) Math.unsignedMultiplyHigh(hash, Routing.PLACES);
    }

    /** 0 to 99; the same features by the same names are always at the same place. */
    public int of(Map<String, Value> given) {
        var digest = new CanonicalDigest(ENCODING);
        new TreeMap<>(given).forEach((name, value) -> {
            digest.text(name);
            digest.value(value);
        });
        return of(digest.hash());
    }
}

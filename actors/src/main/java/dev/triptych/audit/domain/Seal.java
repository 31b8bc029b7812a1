package dev.triptych.audit.domain;

import java.util.Optional;

/**
 * Closes a range of the journal: the rows that follow those of the seal before it, in commit order.
 *
 * @param number from 1, without gaps
 * @param entries how many rows it covers, at least one
 * @param hash of the seal before it and of its rows, see {@link SealedRange}; 64 digits of hex
 * @param former the hash that it had when seals were made over entire payloads, see {@link SealedRange#former}; it holds
 *     as well, for as long as none of the range's rows is erased
 */
public record Seal(long number, long entries, String hash, Optional<String> former) {

    /** What the first seal follows. */
    public static final String GENESIS = "0".repeat(64);

    /** Whether it is the seal that was known by this hash. */
    boolean isKnownAs(String noted) {
        return noted.equals(hash) || former.filter(noted::equals).isPresent();
    }
}

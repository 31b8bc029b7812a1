package dev.triptych.audit.domain;

/**
 * Closes a range of the journal: the rows that follow those of the seal before it, in commit order.
 *
 * @param number from 1, without gaps
 * @param entries how many rows it covers, at least one
 * @param hash of the seal before it and of its rows, see {@link SealedRange}; 64 digits of hex
 */
public record Seal(long number, long entries, String hash) {

    /** What the first seal follows. */
    public static final String GENESIS = "0".repeat(64);
}

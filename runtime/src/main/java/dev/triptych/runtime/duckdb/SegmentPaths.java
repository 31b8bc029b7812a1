package dev.triptych.runtime.duckdb;

import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.SegmentSchema;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where a segment lies: {@code system/entity/view/first_last_rows_schema.parquet}. The name follows from what is in the
 * file, so that writing the same rows again overwrites the same file.
 */
final class SegmentPaths {

    static final String SUFFIX = ".parquet";

    private static final int NAME_LENGTH_MAX = 100;
    private static final int HASH_BYTES = 6;

    private SegmentPaths() {}

    static String folder(SegmentSchema schema) {
        return String.join("/", safe(schema.system()), safe(schema.entity()), safe(schema.view()));
    }

    static String file(SegmentSchema schema, Horizon first, Horizon last, long rows) {
        var columns = hash(schema.names() + schema.types());
        return place(first) + "_" + place(last) + "_" + rows + "_" + columns + SUFFIX;
    }

    private static String place(Horizon at) {
        return at.transaction() + "-" + at.ordering();
    }

    /** A folder name that means nothing to a file system or to a glob, and is another for another name. */
    static String safe(String name) {
        var folder = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain =
                    b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '-';
            folder.append(
                    plain ? String.valueOf((char) b) : "%" + HexFormat.of().toHexDigits(b));
        }
        return folder.length() <= NAME_LENGTH_MAX
                ? folder.toString()
                : folder.substring(0, NAME_LENGTH_MAX) + "%" + hash(name);
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}

package dev.triptych.kernel;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The one hash: of contents, of definitions, of the prediction log's chain. */
public final class Sha256 {

    private Sha256() {}

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException("every Java platform has SHA-256", absent);
        }
    }
}

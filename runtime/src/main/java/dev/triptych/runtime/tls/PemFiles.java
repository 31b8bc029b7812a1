package dev.triptych.runtime.tls;

import com.typesafe.config.Config;
import dev.triptych.runtime.StartFailure;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a certificate and its key are.
 *
 * @param setting the section that names them, for whoever has to mend it
 * @param certificate PEM, the certificate first and what it was issued by after it
 * @param key PEM, PKCS #8, not encrypted
 */
public record PemFiles(String setting, Path certificate, Path key) {

    /**
     * Reads {@code certificate} and {@code key} of a section; empty where neither is set.
     *
     * @throws StartFailure if only one of them is set
     */
    public static Optional<PemFiles> of(Config config, String setting) {
        String certificate = config.getString(setting + ".certificate");
        String key = config.getString(setting + ".key");
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            throw new StartFailure(setting + (certificate.isEmpty() ? ".certificate" : ".key")
                    + ": empty (expected: a PEM file, as the other of certificate and key is set)");
        }
        return Optional.of(new PemFiles(setting, absolute(certificate), absolute(key)));
    }

    static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}

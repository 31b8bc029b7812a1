package dev.triptych.runtime.tls;

import dev.triptych.runtime.StartFailure;
import io.grpc.util.CertificateUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A certificate that is valid now, with the key that belongs to it.
 *
 * @param chain the certificate, then what it was issued by
 * @param read what the files held, to see whether they changed
 */
record Identity(List<X509Certificate> chain, PrivateKey key, Contents read) {

    /** Of the two files. */
    record Contents(byte[] certificate, byte[] key) {
        boolean sameAs(Contents other) {
            return Arrays.equals(certificate, other.certificate) && Arrays.equals(key, other.key);
        }
    }

    private static final byte[] ANYTHING = {1, 2, 3};

    /** @throws StartFailure if the files cannot be used */
    static Identity read(PemFiles files, Clock clock) {
        var contents = new Contents(
                bytes(files.setting() + ".certificate", files.certificate()),
                bytes(files.setting() + ".key", files.key()));
        List<X509Certificate> chain =
                certificates(files.setting() + ".certificate", files.certificate(), contents.certificate());
        PrivateKey key = privateKey(files, contents.key());
        requireValid(files.setting() + ".certificate", files.certificate(), chain.getFirst(), clock.instant());
        if (!belongTogether(chain.getFirst(), key)) {
            throw new StartFailure(files.setting() + ".key: " + files.key()
                    + " (expected: the key of the certificate in " + files.certificate() + ")");
        }
        return new Identity(chain, key, contents);
    }

    static List<X509Certificate> certificates(String setting, Path file, byte[] contents) {
        String unusable = setting + ": " + file + " (expected: a PEM file with a certificate)";
        try {
            X509Certificate[] chain = CertificateUtils.getX509Certificates(new ByteArrayInputStream(contents));
            if (chain.length == 0) {
                throw new StartFailure(unusable);
            }
            return List.of(chain);
        } catch (CertificateException e) {
            throw new StartFailure(unusable, e);
        }
    }

    private static PrivateKey privateKey(PemFiles files, byte[] contents) {
        try {
            return CertificateUtils.getPrivateKey(new ByteArrayInputStream(contents));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StartFailure(
                    files.setting() + ".key: " + files.key()
                            + " (expected: a PEM file with a key in PKCS #8, not encrypted: BEGIN PRIVATE KEY)",
                    e);
        }
    }

    static void requireValid(String setting, Path file, X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Instant until = certificate.getNotAfter().toInstant();
        if (now.isAfter(until)) {
            throw new StartFailure(setting + ": " + file + " expired at " + until
                    + " (expected: a certificate that is valid now; renew it)");
        }
        if (now.isBefore(from)) {
            throw new StartFailure(setting + ": " + file + " is valid from " + from
                    + " on (expected: a certificate that is valid now; look at the clock, too)");
        }
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(ANYTHING);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(ANYTHING);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static byte[] bytes(String setting, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new StartFailure(
                    setting + ": " + file + " cannot be read (expected: a PEM file that this process may read)", e);
        }
    }
}

package dev.triptych.runtime.tls;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.triptych.runtime.StartFailure;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;

/**
 * What nodes show one another: each its certificate, issued by an authority that they share, with a name that they share.
 * Akka's remoting reads the files, and reads them again; what it cannot use is found here first.
 */
public final class NodeCertificates {

    private static final String SETTING = "triptych.tls.nodes";
    private static final String CA = SETTING + ".ca";
    private static final String TRANSPORT = "akka.remote.artery.transport";

    private NodeCertificates() {}

    /** Whether nodes speak TLS to one another. */
    public static boolean set(Config config) {
        return config.getString(TRANSPORT).equals("tls-tcp");
    }

    /**
     * The same configuration, with TLS between nodes where its certificate is set.
     *
     * @throws StartFailure if the files cannot be used
     */
    public static Config applied(Config config, Clock clock) {
        String ca = config.getString(CA);
        if (ca.isEmpty()) {
            return config;
        }
        Optional<PemFiles> files = PemFiles.of(config, SETTING);
        if (files.isEmpty()) {
            return config;
        }
        Identity own = Identity.read(files.get(), clock);
        if (!own.key().getAlgorithm().equals("RSA")) {
            throw new StartFailure(SETTING + ".key: " + own.key().getAlgorithm()
                    + " (expected: RSA, the only kind of key that Akka's remoting reads)");
        }
        Path caFile = PemFiles.absolute(ca);
        X509Certificate authority =
                Identity.certificates(CA, caFile, Identity.bytes(CA, caFile)).getFirst();
        Identity.requireValid(CA, caFile, authority, clock.instant());
        try {
            own.chain().getFirst().verify(authority.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new StartFailure(
                    SETTING + ".certificate: " + files.get().certificate() + " (expected: one that " + caFile
                            + " issued, as the other nodes trust no other)",
                    e);
        }
        return config.withValue(TRANSPORT, ConfigValueFactory.fromAnyRef("tls-tcp"));
    }
}

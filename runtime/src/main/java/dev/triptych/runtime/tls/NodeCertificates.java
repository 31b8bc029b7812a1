package dev.triptych.runtime.tls;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import dev.triptych.runtime.StartFailure;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * What nodes show one another: each its certificate, issued by an authority that they share, with a name that they share.
 * Akka's remoting reads the files, and reads them again; what it cannot use is found here first.
 */
public final class NodeCertificates {

    private static final String SETTING = "triptych.tls.nodes";
    private static final String CA = SETTING + ".ca";
    private static final String TRANSPORT = "akka.remote.artery.transport";
    private static final int LOOK_MILLIS_MAX = 2_000;

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

    /**
     * Why no node at these addresses and this one will hear one another, in a sentence. Empty where one would, or does not
     * answer, and where nodes speak no TLS.
     *
     * @param addresses {@code host:port}
     */
    public static Optional<String> strangers(Config config, List<String> addresses) {
        if (!set(config)) {
            return Optional.empty();
        }
        Path ca = PemFiles.absolute(config.getString(CA));
        SSLContext context = context(config, ca);
        if (addresses.isEmpty() || !addresses.stream().allMatch(address -> isStranger(context, address))) {
            return Optional.empty();
        }
        return Optional.of(SETTING + ".ca: " + ca + " did not issue the certificate of " + String.join(", ", addresses)
                + " (expected: certificates of one authority on every node of a cluster)");
    }

    private static SSLContext context(Config config, Path ca) {
        Identity own = Identity.read(PemFiles.of(config, SETTING).orElseThrow(), Clock.systemUTC());
        try {
            var keys = new AdvancedTlsX509KeyManager();
            keys.updateIdentityCredentials(own.chain().toArray(X509Certificate[]::new), own.key());
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    CA, Identity.certificates(CA, ca, Identity.bytes(CA, ca)).getFirst());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS, and a key store in memory", e);
        }
    }

    /** Whether what is shown there was issued by somebody else. */
    private static boolean isStranger(SSLContext context, String address) {
        int colon = address.lastIndexOf(':');
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket()) {
            int port = Integer.parseInt(address.substring(colon + 1));
            socket.connect(new InetSocketAddress(address.substring(0, colon), port), LOOK_MILLIS_MAX);
            socket.setSoTimeout(LOOK_MILLIS_MAX);
            socket.startHandshake();
            return false;
        } catch (SSLHandshakeException e) {
            return e.getCause() instanceof CertificateException;
        } catch (IOException e) {
            return false;
        }
    }
}

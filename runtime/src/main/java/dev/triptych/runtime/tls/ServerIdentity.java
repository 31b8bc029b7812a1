package dev.triptych.runtime.tls;

import dev.triptych.runtime.StartFailure;
import io.grpc.util.AdvancedTlsX509KeyManager;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that clients see. Its files are looked at again and again; connections made after a change see the new
 * certificate, others stay as they are. Files that cannot be used change nothing, and are told in the log.
 */
public final class ServerIdentity implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerIdentity.class);

    private final PemFiles files;
    private final Clock clock;
    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("triptych-certificate").factory());
    private volatile Identity shown;
    private String toldLast = "";

    private ServerIdentity(PemFiles files, Identity first, Clock clock) {
        this.files = files;
        this.clock = clock;
        this.shown = first;
        show(first);
    }

    /** @throws StartFailure if the files cannot be used */
    public static void check(PemFiles files, Clock clock) {
        Identity.read(files, clock);
    }

    /**
     * Reads the files, and goes on looking at them.
     *
     * @param refresh from one look to the next
     * @throws StartFailure if the files cannot be used
     */
    public static ServerIdentity load(PemFiles files, Duration refresh, Clock clock) {
        var identity = new ServerIdentity(files, Identity.read(files, clock), clock);
        identity.looking.scheduleWithFixedDelay(
                identity::look, refresh.toMillis(), refresh.toMillis(), TimeUnit.MILLISECONDS);
        return identity;
    }

    private void look() {
        try {
            Identity found = Identity.read(files, clock);
            if (!found.read().sameAs(shown.read())) {
                show(found);
                LOG.info(
                        "{}.certificate: {} was read again, valid until {}",
                        files.setting(),
                        files.certificate(),
                        validUntil());
            }
            toldLast = "";
        } catch (StartFailure unusable) {
            tell(String.valueOf(unusable.getMessage()));
        }
    }

    /** Once, until it changes. */
    private void tell(String failure) {
        if (!failure.equals(toldLast)) {
            LOG.error("The certificate of before stays in use, valid until {}: {}", validUntil(), failure);
            toldLast = failure;
        }
    }

    private void show(Identity identity) {
        keys.updateIdentityCredentials(identity.chain().toArray(X509Certificate[]::new), identity.key());
        shown = identity;
    }

    /** For a server that makes its own context. */
    public KeyManager keyManager() {
        return keys;
    }

    /** For a server that is given one. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    /** When the certificate in use expires. */
    public Instant validUntil() {
        return shown.chain().getFirst().getNotAfter().toInstant();
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}

package dev.triptych.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.Address;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.Leave;
import com.typesafe.config.Config;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.tls.Authority.Issued;
import java.io.IOException;
import java.math.BigInteger;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes take only nodes with a certificate of their authority. */
@Timeout(60)
class NodesTlsTest {

    private static final Duration JOIN_MAX = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Authority authority;
    private static Authority another;
    private static Issued issued;
    private static ActorSystem<Void> node;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.in(folder.resolve("ca"), "authority");
        another = Authority.in(folder.resolve("another"), "another");
        issued = authority.issue("node");
        node = system(authority, issued);
        Cluster cluster = Cluster.get(node);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    @AfterAll
    static void stop() {
        node.terminate();
    }

    private static ActorSystem<Void> system(Authority trusted, Issued shown) {
        Config config = ShopSystem.settings(
                        folder.resolve("data"),
                        folder.resolve("systems"),
                        Map.of(
                                "triptych.tls.nodes.certificate",
                                        shown.certificate().toString(),
                                "triptych.tls.nodes.key", shown.key().toString(),
                                "triptych.tls.nodes.ca", trusted.certificate().toString(),
                                "triptych.tls.refresh", "1s",
                                "akka.persistence.journal.auto-start-journals", List.of(),
                                "akka.persistence.snapshot-store.auto-start-snapshot-stores", List.of()))
                .config();
        return ActorSystem.create(Behaviors.empty(), "triptych", config);
    }

    @Test
    void aNodeOfTheSameAuthorityJoins() throws Exception {
        ActorSystem<Void> second = system(authority, authority.issue("second"));
        try {
            Cluster.get(second).manager().tell(Join.create(address()));

            TestProbe<Void> probe = TestProbe.create(second);
            probe.awaitAssert(
                    JOIN_MAX,
                    () -> assertThat(StreamSupport.stream(
                                            Cluster.get(second)
                                                    .state()
                                                    .getMembers()
                                                    .spliterator(),
                                            false)
                                    .filter(member -> member.status() == MemberStatus.up()))
                            .hasSize(2));
        } finally {
            Cluster.get(second)
                    .manager()
                    .tell(Leave.create(Cluster.get(second).selfMember().address()));
            second.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void strangersAreNotHeard() throws Exception {
        assertThatThrownBy(() -> connect(new KeyManager[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> connect(keys(another.issue("stranger")))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> connect(keys(authority.issueExpired("expired"))))
                .isInstanceOf(IOException.class);
        assertThat(connect(keys(authority.issue("third")))
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=triptych");
    }

    @Test
    void aNewCertificateIsShownWithoutAStart() throws Exception {
        BigInteger before = connect(keys(issued)).getSerialNumber();
        Issued renewed = authority.issue("renewed");
        renewed.replace(issued);

        TestProbe<Void> probe = TestProbe.create(node);
        probe.awaitAssert(JOIN_MAX, () -> {
            try {
                return assertThat(connect(keys(renewed)).getSerialNumber()).isNotEqualTo(before);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static Address address() {
        return Cluster.get(node).selfMember().address();
    }

    private static KeyManager[] keys(Issued files) {
        // Expired ones can be shown, too, by who does not look at the time.
        var then = Clock.offset(
                Clock.systemUTC(), files.certificate().endsWith("expired.crt") ? Duration.ofDays(-10) : Duration.ZERO);
        return new KeyManager[] {
            ServerIdentity.load(new PemFiles("test", files.certificate(), files.key()), Duration.ofHours(1), then)
                    .keyManager()
        };
    }

    /** What the node's remoting shows to who shows these keys, and goes on talking to. */
    private static X509Certificate connect(KeyManager[] keys) throws Exception {
        try (SSLSocket socket = (SSLSocket) authority
                .trusted(keys)
                .getSocketFactory()
                .createSocket("127.0.0.1", address().getPort().get())) {
            socket.setSoTimeout(30_000);
            socket.startHandshake();
            socket.setSoTimeout(500);
            try {
                // In TLS 1.3 the server's word on the client's certificate comes after the handshake.
                if (socket.getInputStream().read() == -1) {
                    throw new IOException("hung up");
                }
            } catch (SocketTimeoutException waiting) {
                return (X509Certificate) socket.getSession().getPeerCertificates()[0];
            }
            throw new IOException("said something before it was told anything");
        }
    }
}

package dev.triptych.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.access.Tokens;
import dev.triptych.runtime.cli.CommandLineResult;
import dev.triptych.runtime.tls.Authority.Issued;
import dev.triptych.v1.ListSystemsRequest;
import dev.triptych.v1.PipelineServiceGrpc;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that others can reach, with TLS and tokens, and callers who try to do without. */
@Timeout(60)
class TlsTest {

    private static final Duration RELOADED_MAX = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static Authority authority;
    private static Authority another;
    private static Issued issued;
    private static Node node;
    private static String grpc;
    private static int httpPort;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.in(folder.resolve("ca"), "authority");
        another = Authority.in(folder.resolve("another"), "another");
        issued = authority.issue("node");
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of(
                        "triptych.grpc.host",
                        "0.0.0.0",
                        "triptych.http.host",
                        "0.0.0.0",
                        "triptych.tls.certificate",
                        issued.certificate().toString(),
                        "triptych.tls.key",
                        issued.key().toString(),
                        "triptych.tls.refresh",
                        "100ms",
                        "triptych.access.tokens",
                        List.of(Map.of(
                                "name", "rita",
                                "sha256", HexFormat.of().formatHex(Tokens.sha256("rita")),
                                "roles", List.of("reader"))))));
        grpc = "localhost:" + port(node.grpcAddress());
        httpPort = port(node.httpAddress());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @Test
    void servesWhoTrustsItAndHasAToken() throws Exception {
        CommandLineResult models =
                command("models", "list", "--tls-ca", authority.certificate().toString(), "--token", "rita");
        assertThat(models.exitCode()).as(models.err()).isZero();

        assertThat(https(authority, "rita")).isEqualTo(200);
        assertThat(node.pages()).startsWith("https://");
    }

    @Test
    void turnsAwayWhoHasNoToken() throws Exception {
        CommandLineResult models =
                command("models", "list", "--tls-ca", authority.certificate().toString());
        assertThat(models.exitCode()).isEqualTo(1);
        assertThat(models.err()).contains("authorization: none (expected: Bearer and a token of this node)");

        assertThat(https(authority, "")).isEqualTo(401);
    }

    @Test
    void isNotHeardByWhoTrustsSomebodyElse() {
        CommandLineResult models =
                command("models", "list", "--tls-ca", another.certificate().toString(), "--token", "rita");
        assertThat(models.exitCode()).isEqualTo(3);
        assertThat(models.err().strip())
                .isEqualTo(
                        "triptych: the node's certificate was issued by nobody that is trusted here; name the file of"
                                + " who issued it with --tls-ca FILE");
        assertThat(command("models", "list", "--tls", "--token", "rita").err()).contains("issued by nobody");

        assertThatThrownBy(() -> https(another, "rita")).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void hearsNobodyWithoutTls() {
        ManagedChannel plain = channel(InsecureChannelCredentials.create());
        try {
            assertThatThrownBy(() -> PipelineServiceGrpc.newBlockingStub(plain)
                            .listSystems(ListSystemsRequest.getDefaultInstance()))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            refused -> assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        } finally {
            plain.shutdownNow();
        }
        CommandLineResult models = command("models", "list", "--token", "rita");
        assertThat(models.exitCode()).isEqualTo(3);
        assertThat(models.err()).contains("where it speaks TLS", "--tls-ca FILE");

        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(URI.create("http://localhost:" + httpPort + "/"))
                                        .build(),
                                BodyHandlers.discarding()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void showsANewCertificateWithoutAStart() throws Exception {
        BigInteger first = shown(httpPort).getSerialNumber();
        Issued renewed = authority.issue("renewed");
        BigInteger second = Authority.certificate(renewed.certificate()).getSerialNumber();
        assertThat(second).isNotEqualTo(first);

        renewed.replace(issued);

        await().atMost(RELOADED_MAX)
                .until(() -> shown(httpPort).getSerialNumber().equals(second));
        await().atMost(RELOADED_MAX)
                .until(() -> shown(port(node.grpcAddress())).getSerialNumber().equals(second));
        assertThat(command("models", "list", "--tls-ca", authority.certificate().toString(), "--token", "rita")
                        .exitCode())
                .isZero();
    }

    @Test
    void saysThatACertificateHasExpired() throws Exception {
        Issued expired = authority.issueExpired("expired");
        var then = Clock.offset(Clock.systemUTC(), Duration.ofDays(-10));
        try (ServerIdentity identity = ServerIdentity.load(
                        new PemFiles("test", expired.certificate(), expired.key()), Duration.ofHours(1), then);
                SSLServerSocket server = (SSLServerSocket)
                        identity.context().getServerSocketFactory().createServerSocket(0)) {
            Thread.ofVirtual().start(() -> {
                try (SSLSocket connection = (SSLSocket) server.accept()) {
                    connection.startHandshake();
                } catch (IOException refused) {
                    // The client hangs up.
                }
            });

            CommandLineResult models = CommandLineResult.of(
                    "models",
                    "list",
                    "--node",
                    "localhost:" + server.getLocalPort(),
                    "--tls-ca",
                    authority.certificate().toString());

            assertThat(models.exitCode()).isEqualTo(3);
            assertThat(models.err().strip())
                    .isEqualTo("triptych: the node's certificate has expired; it must be renewed there");
        }
    }

    private static CommandLineResult command(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--node", grpc));
        return CommandLineResult.of(all.toArray(String[]::new));
    }

    private static ManagedChannel channel(ChannelCredentials credentials) {
        return NettyChannelBuilder.forTarget(grpc, credentials).build();
    }

    @Test
    void tellsHowLongItsCertificateIsValid() throws Exception {
        assertThat(https(authority, "rita", "/metrics").body())
                .containsPattern("\\ntriptych_tls_certificate_validity_seconds \\d");
    }

    private static int https(Authority trusted, String token) throws Exception {
        return https(trusted, token, "/api/v1/systems").statusCode();
    }

    private static HttpResponse<String> https(Authority trusted, String token, String path) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(trusted.trusted()).build()) {
            var request = HttpRequest.newBuilder(URI.create("https://localhost:" + httpPort + path));
            return client.send(
                    (token.isEmpty() ? request : request.header("Authorization", "Bearer " + token)).build(),
                    BodyHandlers.ofString());
        }
    }

    private static X509Certificate shown(int port) throws Exception {
        try (SSLSocket socket =
                (SSLSocket) authority.trusted().getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}

package dev.triptych.runtime.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.StartFailure;
import dev.triptych.runtime.access.Tokens;
import dev.triptych.runtime.postgres.EmbeddedDatabase;
import dev.triptych.runtime.tls.Authority;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.FeatureServiceGrpc.FeatureServiceBlockingStub;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.Value;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of profile {@code kubernetes}, which others can reach: each at an address of its own, as pods are, with certificates
 * for one another and for clients, and tokens.
 */
@Timeout(120)
class PodsTest {

    private static final Duration READY_MAX = Duration.ofSeconds(60);
    private static final String TOKEN = "will";
    private static final int KEYS = 20;

    @TempDir
    static Path folder;

    private static Authority authority;
    private static EmbeddedDatabase postgres;
    private static Path systems;
    private static Node first;

    @BeforeAll
    static void start() throws Exception {
        authority = Authority.in(folder.resolve("ca"), "authority");
        postgres = EmbeddedDatabase.start(folder.resolve("postgres"));
        systems = ShopSystem.writeTo(folder.resolve("systems"));
        first = Node.start(pod("first", "127.0.0.2", authority));
        assertThat(first.awaitReady(READY_MAX)).isEmpty();
    }

    @AfterAll
    static void stop() {
        first.close();
        postgres.close();
    }

    private static NodeSettings pod(String name, String address, Authority certified) throws Exception {
        Authority.Issued issued = certified.issue(name);
        return ShopSystem.memberSettings(
                "kubernetes",
                folder,
                systems,
                postgres,
                name,
                Map.of(
                        "triptych.cluster.host",
                        address,
                        "triptych.cluster.port",
                        0,
                        "triptych.tls.certificate",
                        issued.certificate().toString(),
                        "triptych.tls.key",
                        issued.key().toString(),
                        "triptych.tls.ca",
                        certified.certificate().toString(),
                        "triptych.access.tokens",
                        List.of(Map.of(
                                "name", TOKEN,
                                "sha256", HexFormat.of().formatHex(Tokens.sha256(TOKEN)),
                                "roles", List.of("writer")))));
    }

    @Test
    void whatIsWrittenThroughOneIsReadThroughTheOther() throws Exception {
        try (Node second = Node.start(pod("second", "127.0.0.3", authority))) {
            assertThat(second.awaitReady(READY_MAX)).isEmpty();
            assertThat(readiness(second)).isEqualTo(200);
            ManagedChannel toFirst = channel(first);
            ManagedChannel toSecond = channel(second);
            try {
                for (int i = 0; i < KEYS; i++) {
                    write(features(toFirst), "k" + i, i);
                }

                List<Long> read = IntStream.range(0, KEYS)
                        .mapToObj(i -> read(features(toSecond), "k" + i))
                        .toList();

                assertThat(read)
                        .containsExactlyElementsOf(
                                IntStream.range(0, KEYS).mapToObj(Long::valueOf).toList());
            } finally {
                toFirst.shutdownNow();
                toSecond.shutdownNow();
            }
        }
        assertThat(first.notReady()).isEmpty();
    }

    @Test
    void aNodeThatAnotherAuthorityCertifiedIsNoMember() throws Exception {
        NodeSettings stranger = pod("stranger", "127.0.0.4", Authority.in(folder.resolve("another"), "another"));

        assertThatThrownBy(() -> Node.start(stranger).close())
                .isInstanceOf(StartFailure.class)
                .hasMessageNotContaining("\n")
                .hasMessageMatching("triptych\\.tls\\.nodes\\.ca: .*another\\.crt did not issue the certificate of"
                        + " 127\\.0\\.0\\.2:\\d+ .*");

        assertThat(first.notReady()).as("the member goes on").isEmpty();
    }

    private static void write(FeatureServiceBlockingStub features, String key, long items) {
        features.write(WriteFeaturesRequest.newBuilder()
                .setSystem(ShopSystem.NAME)
                .setView("placed")
                .addRows(FeatureRow.newBuilder()
                        .setKey(key)
                        .setEventTime(Timestamp.newBuilder().setSeconds(1_780_000_000L))
                        .putValues("items", Value.newBuilder().setInt64(items).build()))
                .build());
    }

    private static long read(FeatureServiceBlockingStub features, String key) {
        FeatureVector vector = features.read(ReadFeaturesRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .setEntity("order")
                        .addKeys(key)
                        .addFeatures("placed.items")
                        .build())
                .getVectors(0);
        return vector.getValues(0).getValue().getInt64();
    }

    private static FeatureServiceBlockingStub features(ManagedChannel channel) {
        var shown = new Metadata();
        shown.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + TOKEN);
        return FeatureServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(shown));
    }

    private static ManagedChannel channel(Node node) throws Exception {
        return NettyChannelBuilder.forTarget(
                        "localhost:" + port(node.grpcAddress()),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(authority.certificate().toFile())
                                .build())
                .build();
    }

    /** As the kubelet asks: without a token. */
    private static int readiness(Node node) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(authority.trusted()).build()) {
            URI health = URI.create("https://localhost:" + port(node.httpAddress()) + "/v2/health/ready");
            return client.send(HttpRequest.newBuilder(health).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }
}

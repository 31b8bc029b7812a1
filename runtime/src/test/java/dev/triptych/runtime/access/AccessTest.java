package dev.triptych.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ServerLiveRequest;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.ChangeDeploymentRequest;
import dev.triptych.v1.DeploymentServiceGrpc;
import dev.triptych.v1.EraseFeaturesRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.ListSystemsRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.WriteFeaturesRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that asks for tokens, and callers who try to do without. */
class AccessTest {

    @TempDir
    static Path folder;

    private static Node node;
    private static ManagedChannel channel;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        var tokens = List.of(holder("rita", "reader"), holder("will", "writer"), holder("ada", "admin"));
        node = Node.start(ShopSystem.settings(
                folder.resolve("data"),
                ShopSystem.writeTo(folder.resolve("systems")),
                Map.of("triptych.access.tokens", tokens)));
        channel =
                NettyChannelBuilder.forTarget(node.grpcAddress()).usePlaintext().build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        node.close();
    }

    /** The token is the name. */
    private static Map<String, Object> holder(String name, String role) {
        return Map.of("name", name, "sha256", HexFormat.of().formatHex(Tokens.sha256(name)), "roles", List.of(role));
    }

    @Test
    void answersHealthAndNothingElseWithoutAToken() throws Exception {
        assertThat(HealthGrpc.newBlockingStub(channel)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(get("/v2/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(get("/", "").statusCode()).isEqualTo(200);

        assertRefused(
                Status.Code.UNAUTHENTICATED,
                () -> PipelineServiceGrpc.newBlockingStub(channel)
                        .listSystems(ListSystemsRequest.getDefaultInstance()));
        assertRefused(
                Status.Code.UNAUTHENTICATED,
                () -> GRPCInferenceServiceGrpc.newBlockingStub(channel)
                        .serverLive(ServerLiveRequest.getDefaultInstance()));
        for (String path : List.of(
                "/v2", "/v2/models/returns", "/api/v1/systems", "/api/v1/events", "/api/v1/audit/verify", "/metrics")) {
            HttpResponse<String> answer = get(path, "");
            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        }
        assertThat(get("/api/v1/systems", "somebody").statusCode()).isEqualTo(401);
    }

    @Test
    void letsAReaderReadAndChangeNothing() throws Exception {
        assertThat(as("rita", PipelineServiceGrpc.newBlockingStub(channel))
                        .listSystems(ListSystemsRequest.getDefaultInstance())
                        .getSystemsList())
                .hasSize(1);
        assertThat(get("/api/v1/systems", "rita").statusCode()).isEqualTo(200);
        assertThat(get("/v2", "rita").statusCode()).isEqualTo(200);
        assertThat(get("/metrics", "rita").statusCode()).isEqualTo(200);

        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> as("rita", FeatureServiceGrpc.newBlockingStub(channel)).write(row()));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> as("rita", PipelineServiceGrpc.newBlockingStub(channel))
                        .run(RunPipelineRequest.newBuilder()
                                .setSystem("shop")
                                .setKind(PipelineKind.FEATURE)
                                .build()));
        HttpResponse<String> answer = HTTP.send(
                request("/api/v1/systems/shop/deployments/returns", "rita")
                        .header("Content-Type", "application/json")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"audit\": \"off\"}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("token of rita: reader", "admin");
    }

    @Test
    void letsAWriterWriteAndEraseNothing() {
        assertThat(as("will", FeatureServiceGrpc.newBlockingStub(channel))
                        .write(row())
                        .getRowsWritten())
                .isEqualTo(1);
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                () -> as("will", FeatureServiceGrpc.newBlockingStub(channel))
                        .erase(EraseFeaturesRequest.newBuilder()
                                .setSystem("shop")
                                .setEntity("order")
                                .setKey("o1")
                                .build()));
    }

    @Test
    void recordsTheHolderAndNotWhoTheRequestSays() {
        ServedDeployment changed = as("ada", DeploymentServiceGrpc.newBlockingStub(channel))
                .changeDeployment(ChangeDeploymentRequest.newBuilder()
                        .setSystem("shop")
                        .setDeployment("returns")
                        .setAudit("async")
                        .setBy("somebody else")
                        .build());

        assertThat(changed.getChangesList().getLast().getBy()).isEqualTo("ada");
    }

    private static WriteFeaturesRequest row() {
        return WriteFeaturesRequest.newBuilder()
                .setSystem("shop")
                .setView("placed")
                .addRows(FeatureRow.newBuilder()
                        .setKey("o1")
                        .setEventTime(com.google.protobuf.Timestamp.newBuilder().setSeconds(1)))
                .build();
    }

    private static <S extends AbstractStub<S>> S as(String token, S stub) {
        var headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        return HTTP.send(request(path, token).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, String token) {
        var request = HttpRequest.newBuilder(URI.create("http://" + node.httpAddress() + path));
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    private static void assertRefused(Status.Code code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refused -> assertThat(refused.getStatus().getCode()).isEqualTo(code));
    }
}

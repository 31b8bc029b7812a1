package dev.triptych.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.JsonFormat;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.ChangeDeploymentRequest;
import dev.triptych.v1.GetDeploymentRequest;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.ReplayResult;
import dev.triptych.v1.Route;
import dev.triptych.v1.Routes;
import dev.triptych.v1.ServedDeployment;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deployments over the wire and on the command line, from the definition's one route to two with a shadow, and back. */
class DeploymentsCommandTest {

    private static final List<String> KEYS = List.of("o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9");

    private String address = "";

    @Test
    @Timeout(90)
    void areRoutedShadowedAndLimitedAndStaySoAfterARestart(@TempDir Path folder) throws Exception {
        Path systems = ShopSystem.writeTo(folder.resolve("systems"));
        NodeSettings settings = ShopSystem.settings(folder.resolve("data"), systems);
        List<Integer> versions;

        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            address = node.grpcAddress();
            client.complete(PipelineKind.FEATURE);
            client.complete(PipelineKind.TRAINING);
            client.complete(PipelineKind.TRAINING);

            movesOfTheAliasAreServedOnceAcknowledged(client);
            unsoundChangesAreRefused(client);
            assertThat(run("show", "shop", "returns").out())
                    .contains("routes   champion=100", "shadows  none", "audit    durable", "serves   version");
            assertThat(run("route", "shop", "returns", "1=50", "2=50", "--reason", "try 2")
                            .exitCode())
                    .isZero();
            versions = versions(client);
            assertThat(versions).contains(1, 2);
            assertThat(versions(client)).isEqualTo(versions);
            assertThat(run("shadow", "shop", "returns", "1").out()).contains("shadows  1", ", shadows version 1 on");
            versions(client);
            everythingOnRecordReplays(client);
            assertThat(run("limit", "shop", "returns", "--in-flight", "8", "--deadline-ms", "5000")
                            .out())
                    .contains("limits   8 instances in flight, deadline 5000 ms");
            assertThat(tooMany(client)).contains("busy", "at most 8");
        }

        try (Node node = Node.start(settings);
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            address = node.grpcAddress();
            assertThat(run("limit", "shop", "returns", "--in-flight", "1000").exitCode())
                    .isZero();
            assertThat(versions(client)).isEqualTo(versions);
            String shown = run("show", "shop", "returns", "--json").out();
            var deployment = ServedDeployment.newBuilder();
            JsonFormat.parser().merge(shown, deployment);
            assertThat(deployment.getChangesList())
                    .extracting(change -> change.getChanged() + " " + change.getTo() + " " + change.getReason())
                    .containsExactly(
                            "routes 1=50 2=50 try 2",
                            "shadows 1 ",
                            "limits in-flight 8, deadline 5000ms ",
                            "limits in-flight 1000, deadline 5000ms ");
            assertThat(deployment.getNodes(0).getRoutesList())
                    .extracting(route -> route.getVersion() + " " + route.getEvaluatedBy())
                    .containsExactly("1 flattened", "2 flattened");
            assertThat(run("list").out())
                    .contains("shop/returns  returns  1=50 2=50", "version 1 50 %, version 2 50 %");
            assertThat(run("show", "shop", "retuns").exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run("reset", "shop", "returns", "--reason", "enough").out())
                    .contains("routes   champion=100", "shadows  none", "reset", "enough");
            assertThat(versions(client)).containsOnly(2);
        }
    }

    private static void movesOfTheAliasAreServedOnceAcknowledged(Client client) {
        for (int move = 0; move < 6; move++) {
            int to = 1 + move % 2;
            var moved = client.registry()
                    .promote(PromoteRequest.newBuilder()
                            .setSystem(ShopSystem.NAME)
                            .setModel("returns")
                            .setVersion(to)
                            .build());
            assertThat(moved.getNotServingList()).isEmpty();
            assertThat(versions(client)).containsOnly(to);
        }
    }

    private static void unsoundChangesAreRefused(Client client) {
        var unbalanced = refused(
                client,
                Route.newBuilder().setTo("1").setWeight(90),
                Route.newBuilder().setTo("2").setWeight(9));
        assertThat(unbalanced.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(unbalanced.getDescription())
                .isEqualTo("routes: weights that sum to 99 (expected: weights that sum to 100)");
        var missing = refused(client, Route.newBuilder().setTo("7").setWeight(100));
        assertThat(missing.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(missing.getDescription())
                .isEqualTo("routes[0].to: 7 (expected: a version of shop/returns, 1 to 2, champion)");
        var unknown = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> client.deployments()
                        .getDeployment(GetDeploymentRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setDeployment("none")
                                .build()));
        assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    }

    private static Status refused(Client client, Route.Builder... routes) {
        var all = Routes.newBuilder();
        Stream.of(routes).forEach(all::addRoutes);
        var request = ChangeDeploymentRequest.newBuilder()
                .setSystem(ShopSystem.NAME)
                .setRoutes(all)
                .build();
        return catchThrowableOfType(
                        StatusRuntimeException.class, () -> client.deployments().changeDeployment(request))
                .getStatus();
    }

    private static void everythingOnRecordReplays(Client client) {
        List<Prediction> shadows = Stream.generate(client::listPredictions)
                .map(all -> all.stream()
                        .filter(each -> !each.getShadowOf().isEmpty())
                        .toList())
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(shadows).extracting(Prediction::getVersion).containsOnly(1);
        assertThat(client.replays()).allMatch(ReplayResult::getIdentical);
    }

    private static String tooMany(Client client) {
        return String.valueOf(catchThrowableOfType(StatusRuntimeException.class, () -> versions(client))
                .getStatus()
                .getDescription());
    }

    /** Of every order, in one request. */
    private static List<Integer> versions(Client client) {
        var request = PredictRequest.newBuilder().setSystem(ShopSystem.NAME);
        KEYS.forEach(key -> request.addInstances(Instance.newBuilder().setKey(key)));
        return client.predictions().predict(request.build()).getPredictionsList().stream()
                .map(Prediction::getVersion)
                .toList();
    }

    private CommandLineResult run(String... arguments) {
        return CommandLineResult.of(
                Stream.of(Stream.of("deployments"), Arrays.stream(arguments), Stream.of("--node", address))
                        .flatMap(each -> each)
                        .toArray(String[]::new));
    }
}

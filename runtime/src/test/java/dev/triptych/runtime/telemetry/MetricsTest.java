package dev.triptych.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a node that was used. */
@Timeout(120)
class MetricsTest {

    private static final int PREDICTED = 3;
    private static final Duration TOLD_MAX = Duration.ofSeconds(30);
    private static final Path MONITORING = Path.of("..", "deploy", "k8s", "monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(?:triptych|grpc_server|jvm|process)_[a-z0-9_]+");

    /** Only nodes with TLS have it; their test asks for it. */
    private static final String OF_TLS = "triptych_tls_certificate_validity_seconds";

    @TempDir
    Path folder;

    @Test
    void hasEverythingThatTheDashboardAndTheAlertsAskFor() throws Exception {
        try (Node node = Node.start(ShopSystem.settings(
                        folder.resolve("data"),
                        ShopSystem.writeTo(folder.resolve("systems")),
                        Map.of("triptych.monitoring.interval", "200ms")));
                var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
            client.complete(PipelineKind.FEATURE);
            client.complete(PipelineKind.TRAINING);
            for (int i = 1; i <= PREDICTED; i++) {
                predict(client, "o" + i);
            }
            Set<String> asked = named(MONITORING.resolve("dashboard.json"));
            asked.addAll(named(MONITORING.resolve("alerts.yaml")));
            asked.remove(OF_TLS);
            assertThat(asked).hasSizeGreaterThan(12);

            await().atMost(TOLD_MAX).untilAsserted(() -> {
                String told = scrape(node);
                assertThat(names(told)).containsAll(asked);
                assertThat(told).contains("kind=\"drift\"");
            });

            String metrics = scrape(node);
            assertThat(value(
                            metrics,
                            "triptych_predictions_total{deployment=\"returns\",system=\"shop\",version=\"1\"}"))
                    .isEqualTo(PREDICTED);
            assertThat(value(metrics, "triptych_runs{kind=\"training\",state=\"completed\"}"))
                    .isOne();
            assertThat(metrics)
                    .contains("method=\"Predict\"", "statusCode=\"OK\"", "le=\"0.005\"")
                    .contains("triptych_http_requests_seconds_count{area=\"metrics\",method=\"GET\",status=\"200\"}")
                    .contains("kind=\"drift\",measure=\"placed.amount\",source=\"returns\",system=\"shop\"");
            assertThat(value(metrics, "triptych_entities_live")).isPositive();
        }
    }

    /** Once the version that was just trained is served. */
    private static void predict(Client client, String key) {
        await().atMost(TOLD_MAX)
                .ignoreException(StatusRuntimeException.class)
                .untilAsserted(() -> client.predictions()
                        .predict(PredictRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .addInstances(Instance.newBuilder().setKey(key))
                                .build()));
    }

    private static String scrape(Node node) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(node.pages() + "metrics")).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain; version=0.0.4");
        return answer.body();
    }

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Set<String> named(Path file) throws Exception {
        return METRIC.matcher(Files.readString(file))
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String metrics) {
        return metrics.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toSet());
    }

    private static double value(String metrics, String series) {
        return metrics.lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }
}

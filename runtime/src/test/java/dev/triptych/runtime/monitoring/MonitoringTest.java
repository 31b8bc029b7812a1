package dev.triptych.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.Alert;
import dev.triptych.v1.ColumnDrift;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FreshnessRequest;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListAlertsRequest;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.QualityResponse;
import dev.triptych.v1.TrafficRequest;
import dev.triptych.v1.TrafficStep;
import dev.triptych.v1.Value;
import dev.triptych.v1.WriteFeaturesRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drift from its first shifted order to its end, on a real node, with a restart in the middle. */
@Timeout(180)
class MonitoringTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHIFTED = 200;
    private static final int USUAL = 3_000;

    @TempDir
    Path folder;

    @Test
    void aDriftIsToldOnceTrainedForOnceOutlivesARestartAndEnds() throws Exception {
        try (var hook = new HookServer(1)) {
            Path systems = WatchedOrders.writeTo(folder.resolve("systems"), hook.url());
            try (Node node = start(systems);
                    var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
                client.complete(PipelineKind.FEATURE);
                client.complete(PipelineKind.TRAINING);
                client.registry()
                        .promote(PromoteRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setModel("returns")
                                .setVersion(1)
                                .build());
                assertThat(drift(client).getProblem()).isEqualTo("nothing was predicted");

                Map<String, Prediction> predicted = shiftedOrders(client);
                measuresTheShift(client);
                judgesWhatHasAnOutcome(client, predicted);
                looksAtTheRest(client);

                Alert raised = await()
                        .atMost(PATIENCE)
                        .until(
                                () -> alerts(client),
                                alerts -> alerts.stream()
                                        .anyMatch(alert -> alert.getMeasure().equals("placed.amount")
                                                && alert.hasToldRaised()
                                                && !alert.getTrainingRun().isEmpty()))
                        .stream()
                        .filter(alert -> alert.getMeasure().equals("placed.amount"))
                        .findFirst()
                        .orElseThrow();
                assertThat(raised.getKind()).isEqualTo(Alert.Kind.DRIFT);
                assertThat(raised.getSource()).isEqualTo("returns");
                assertThat(raised.getValue()).isGreaterThan(raised.getThreshold());
                assertThat(raised.getRows()).isEqualTo(SHIFTED);
                assertThat(raised.getToldRaised().getFailure()).isEmpty();
                client.finish(raised.getTrainingRun());
            }
            try (Node node = start(systems);
                    var client = new Client(node.grpcAddress(), ShopSystem.NAME)) {
                assertThat(alerts(client))
                        .anyMatch(alert -> alert.getMeasure().equals("placed.amount") && !alert.hasCleared());

                usualOrders(client);
                await().atMost(PATIENCE)
                        .until(() -> alerts(client), alerts -> alerts.stream().allMatch(Alert::hasToldCleared));

                assertThat(hook.taken().stream().map(HookServer.Call::key)).doesNotHaveDuplicates();
                assertThat(hook.taken().stream().map(HookServer.Call::body))
                        .filteredOn(body -> body.contains("\"measure\":\"placed.amount\""))
                        .satisfiesExactly(
                                first -> assertThat(first).contains("\"event\":\"raised\"", "\"kind\":\"drift\""),
                                last -> assertThat(last).contains("\"event\":\"cleared\""));
                assertThat(trainingRuns(client)).hasSize(2);
            }
        }
    }

    private Node start(Path systems) {
        return Node.start(ShopSystem.settings(
                folder.resolve("data"),
                systems,
                Map.of("triptych.monitoring.interval", "100ms", "triptych.monitoring.webhook-pause", "20ms")));
    }

    /** Orders of twice the amounts that were learnt from, predicted by key, all of which come back. */
    private static Map<String, Prediction> shiftedOrders(Client client) {
        var random = new Random(3);
        String now = Instant.now().toString();
        var write = WriteFeaturesRequest.newBuilder().setSystem(ShopSystem.NAME).setView("placed");
        var predict = PredictRequest.newBuilder().setSystem(ShopSystem.NAME);
        for (int order = 0; order < SHIFTED; order++) {
            String key = "shifted-" + order;
            write.addRows(FeatureRow.newBuilder()
                    .setKey(key)
                    .setEventTime(Client.time(now))
                    .putValues("amount", Client.number(2 * WatchedOrders.amount(random)))
                    .putValues("country", Client.text(WatchedOrders.country(random))));
            predict.addInstances(Instance.newBuilder().setKey(key));
        }
        client.features().write(write.build());
        var predicted = new HashMap<String, Prediction>();
        client.predictions()
                .predict(predict.build())
                .getPredictionsList()
                .forEach(prediction -> predicted.put(prediction.getKey(), prediction));
        return predicted;
    }

    private static void measuresTheShift(Client client) {
        DriftResponse drift = drift(client);
        assertThat(drift.getVersion()).isEqualTo(1);
        assertThat(drift.getPredictions()).isEqualTo(SHIFTED);
        assertThat(drift.getSampled()).isEqualTo(SHIFTED);
        assertThat(drift.getColumnsList())
                .extracting(ColumnDrift::getFeature)
                .containsExactly("placed.amount", "placed.country", "output");
        ColumnDrift amount = drift.getColumns(0);
        assertThat(amount.getDrifted()).isTrue();
        assertThat(amount.getPsi()).isGreaterThan(1);
        assertThat(amount.getKolmogorovSmirnov()).isGreaterThan(0.9);
        assertThat(amount.getBaseline().getRows()).isEqualTo(WatchedOrders.ORDERS);
        assertThat(amount.getLive().getNumbers().getMean()).isEqualTo(200, within(10.0));
        assertThat(drift.getColumns(1).getDrifted()).isFalse();
    }

    /** The first hundred orders come back at once. */
    private static void judgesWhatHasAnOutcome(Client client, Map<String, Prediction> predicted) {
        List<String> settled =
                predicted.keySet().stream().sorted().limit(SHIFTED / 2).toList();
        var write = WriteFeaturesRequest.newBuilder().setSystem(ShopSystem.NAME).setView("outcome");
        settled.forEach(key -> write.addRows(FeatureRow.newBuilder()
                .setKey(key)
                .setEventTime(Client.time(Instant.now()))
                .putValues(
                        "returned",
                        Value.newBuilder().setBool(key.hashCode() % 4 != 0).build())));
        client.features().write(write.build());

        QualityResponse quality = client.monitoring()
                .quality(QualityRequest.newBuilder().setSystem(ShopSystem.NAME).build());

        long right = settled.stream()
                .filter(key -> predicted.get(key).getOutput().equals(String.valueOf(key.hashCode() % 4 != 0)))
                .count();
        assertThat(quality.getWhole().getSampled()).isEqualTo(SHIFTED);
        assertThat(quality.getWhole().getOutcomes()).isEqualTo(settled.size());
        assertThat(quality.getWhole().getMetricsOrThrow("accuracy"))
                .isEqualTo((double) right / settled.size(), within(1e-12));
        assertThat(quality.getWhole().getConfusionList().stream()
                        .mapToLong(cell -> cell.getCount())
                        .sum())
                .isEqualTo(settled.size());
        assertThat(quality.getPointsList())
                .hasSize(settled.size())
                .allSatisfy(point -> assertThat(point.getPredicted()).isBetween(0.0, 1.0));
        assertThat(quality.getStepsList().stream()
                        .mapToLong(step -> step.getOutcomes())
                        .sum())
                .isEqualTo(settled.size());
        assertThat(quality.getBoundsMap()).containsEntry("accuracy", 0.6);
    }

    private static void looksAtTheRest(Client client) {
        assertThat(client.monitoring()
                        .freshness(FreshnessRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .build())
                        .getViewsList())
                .satisfiesExactly(
                        placed -> {
                            assertThat(placed.getRows()).isEqualTo(WatchedOrders.ORDERS + SHIFTED);
                            assertThat(placed.getAge().getSeconds()).isLessThan(60);
                            assertThat(placed.hasOldest()).isTrue();
                            assertThat(placed.getStale()).isFalse();
                        },
                        outcome -> {
                            assertThat(outcome.getRows()).isEqualTo(WatchedOrders.ORDERS + SHIFTED / 2);
                            assertThat(outcome.hasOldest()).isFalse();
                        });
        assertThat(client
                        .monitoring()
                        .traffic(TrafficRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .build())
                        .getStepsList()
                        .stream()
                        .mapToLong(TrafficStep::getPredictions)
                        .sum())
                .isEqualTo(SHIFTED);
    }

    /** Raw features, as many as outweigh the shifted ones. */
    private static void usualOrders(Client client) {
        var random = new Random(17);
        int answered = 0;
        while (answered < USUAL) {
            var predict = PredictRequest.newBuilder().setSystem(ShopSystem.NAME);
            for (int order = 0; order < 1_000; order++) {
                predict.addInstances(Instance.newBuilder()
                        .putFeatures("amount", Client.number(WatchedOrders.amount(random)))
                        .putFeatures("country", Client.text(WatchedOrders.country(random))));
            }
            answered += client.predictions().predict(predict.build()).getPredictionsCount();
        }
    }

    private static DriftResponse drift(Client client) {
        return client.monitoring()
                .drift(DriftRequest.newBuilder().setSystem(ShopSystem.NAME).build());
    }

    private static List<Alert> alerts(Client client) {
        return client.monitoring()
                .listAlerts(ListAlertsRequest.newBuilder()
                        .setSystem(ShopSystem.NAME)
                        .build())
                .getAlertsList();
    }

    private static List<String> trainingRuns(Client client) {
        return new ArrayList<>(client.pipelines()
                        .listRuns(ListRunsRequest.newBuilder()
                                .setSystem(ShopSystem.NAME)
                                .setKind(PipelineKind.TRAINING)
                                .setLimit(100)
                                .build())
                        .getRunsList())
                .stream().map(run -> run.getRunId()).toList();
    }
}

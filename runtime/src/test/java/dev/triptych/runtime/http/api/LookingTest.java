package dev.triptych.runtime.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.triptych.runtime.Client;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What pages look at: statistics, predictions, lineage, cards, and what moves. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class LookingTest {

    private static final String SHOP = "/api/v1/systems/shop";

    private static Prediction predict(Shop shop, String key) {
        return shop.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .addInstances(Instance.newBuilder().setKey(key))
                        .setExplain(true)
                        .build())
                .getPredictions(0);
    }

    @Test
    void aViewsStatisticsAreThoseOfItsRows(Shop shop) {
        JsonNode answer =
                json(shop, SHOP + "/views/placed/statistics?since=2026-01-01T10:00:00Z&until=2026-01-08T00:00:00Z");

        assertThat(answer.path("rows").asLong()).isEqualTo(7);
        assertThat(answer.path("newestEventTime").asText()).isEqualTo("2026-01-07T10:00:00Z");
        JsonNode amount = answer.path("features").path(0);
        assertThat(amount.path("feature").asText()).isEqualTo("placed.amount");
        assertThat(amount.path("numbers").path("min").asDouble()).isEqualTo(20.5);
        assertThat(amount.path("numbers").path("max").asDouble()).isEqualTo(350);
        assertThat(amount.path("numbers")
                        .path("quantiles")
                        .path(3)
                        .path("value")
                        .asDouble())
                .isEqualTo(41.5);
        assertThat(answer.path("features").path(2).path("categories").findValuesAsText("value"))
                .containsExactly("se", "pl");
    }

    @Test
    void onePredictionHasItsInputsWhyAndWhatCameOfIt(Shop shop) {
        Prediction open = predict(shop, "o9");
        long rows = shop.client()
                .features()
                .write(dev.triptych.v1.WriteFeaturesRequest.newBuilder()
                        .setSystem("shop")
                        .setView("placed")
                        .addRows(dev.triptych.v1.FeatureRow.newBuilder()
                                .setKey("looked-at")
                                .setEventTime(Client.time("2026-01-10T00:00:00Z"))
                                .putValues("amount", Client.number(300))
                                .putValues("items", Client.whole(6))
                                .putValues("country", Client.text("pl")))
                        .build())
                .getRowsWritten();
        Prediction settled = predict(shop, "looked-at");
        shop.client()
                .features()
                .write(dev.triptych.v1.WriteFeaturesRequest.newBuilder()
                        .setSystem("shop")
                        .setView("outcome")
                        .addRows(dev.triptych.v1.FeatureRow.newBuilder()
                                .setKey("looked-at")
                                .setEventTime(Client.time("2999-01-01T00:00:00Z"))
                                .putValues(
                                        "returned",
                                        dev.triptych.v1.Value.newBuilder()
                                                .setBool(true)
                                                .build()))
                        .build());

        JsonNode one = json(shop, "/api/v1/predictions/" + settled.getId());

        assertThat(rows).isEqualTo(1);
        assertThat(one.path("features").findValuesAsText("feature"))
                .containsExactly("placed.amount", "placed.items", "placed.country");
        assertThat(one.path("features").path(0).path("value").path("float64").asDouble())
                .isEqualTo(300);
        assertThat(one.path("explanation")
                        .path("true")
                        .path("byFeature")
                        .path("placed.amount")
                        .asDouble())
                .isEqualTo(settled.getExplanationOrThrow("true").getByFeatureOrThrow("placed.amount"));
        assertThat(one.path("outcome").path("value").asText()).isEqualTo("true");
        assertThat(json(shop, "/api/v1/predictions/" + open.getId()).has("outcome"))
                .isFalse();
        JsonNode listed = json(shop, SHOP + "/predictions?key=looked-at&outcomes=true")
                .path("predictions")
                .path(0);
        assertThat(listed.path("outcome").path("eventTime").asText()).isEqualTo("2999-01-01T00:00:00Z");
    }

    @Test
    void theNewestPredictionsComeFirstPageByPage(Shop shop) {
        var made = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(predict(shop, "o8").getId());
        }

        var listed = new ArrayList<String>();
        String after = "";
        for (int page = 0; page < 3; page++) {
            List<String> ids = json(shop, SHOP + "/predictions?key=o8&newestFirst=true&limit=2&after=" + after)
                    .findValuesAsText("id");
            listed.addAll(ids);
            after = ids.getLast();
        }

        assertThat(listed.subList(0, 5)).isEqualTo(made);
    }

    @Test
    void lineageLeadsFromSourcesToDeployments(Shop shop) {
        JsonNode graph = json(shop, SHOP + "/models/returns/versions/1/lineage");

        assertThat(graph.path("nodes").findValuesAsText("id"))
                .contains(
                        "source/orders.csv",
                        "feature-pipeline/orders",
                        "view/placed",
                        "view/outcome",
                        "dataset",
                        "training-run",
                        "version",
                        "alias/champion",
                        "deployment/returns",
                        "inference-pipeline/open-orders");
        Set<String> reached = new HashSet<>(List.of("source/orders.csv"));
        for (int step = 0; step < graph.path("nodes").size(); step++) {
            graph.path("edges").forEach(edge -> {
                if (reached.contains(edge.path("from").asText())) {
                    reached.add(edge.path("to").asText());
                }
            });
        }
        assertThat(reached).containsAll(graph.path("nodes").findValuesAsText("id"));
    }

    @Test
    void aCardIsMarkdownOfWhatIsKnown(Shop shop) {
        HttpResponse<String> card = new Browser(shop.httpAddress()).get(SHOP + "/models/returns/versions/1/card");
        var version = shop.client().model("returns").getVersions(0);

        assertThat(card.headers().firstValue("content-type")).hasValue("text/markdown; charset=UTF-8");
        assertThat(card.body())
                .startsWith("# shop/returns version 1\n")
                .contains("| metric | this version |")
                .contains("- accuracy >= 0.5")
                .contains(version.getProvenance().getDatasetHash(), version.getContentHash())
                .contains("| placed.amount | float64 |")
                .contains("champion");
        assertThat(card.body().lines().filter(line -> line.startsWith("|")))
                .allSatisfy(line -> assertThat(line).endsWith("|"));
    }

    @Test
    void whatMovesIsHeardOfAtOnce(Shop shop) throws Exception {
        var browser = new Browser(shop.httpAddress());
        var begun = new CountDownLatch(1);
        Set<String> wanted = new HashSet<>(Set.of("rows", "predictions", "run", "deployment"));
        CompletableFuture<Void> heard = CompletableFuture.runAsync(() -> {
            try (Stream<String> lines = browser.lines("/api/v1/events?system=shop", "Accept", "text/event-stream")) {
                var events = lines.filter(line -> line.startsWith("data: ")).iterator();
                while (!wanted.isEmpty()) {
                    JsonNode event = Browser.json(events.next().substring(6));
                    if (event.has("begun")) {
                        begun.countDown();
                    }
                    event.fieldNames().forEachRemaining(wanted::remove);
                }
            }
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        browser.post(SHOP + "/views/placed/rows", """
                {"rows": [{"key": "heard-of", "eventTime": "2026-02-01T00:00:00Z", "values": {}}]}""");
        predict(shop, "o9");
        String stale = json(shop, SHOP + "/deployments/returns").path("stale").asText();
        changeStale(browser, stale.equals("warn") ? "allow" : "warn");
        browser.post(SHOP + "/runs", "{\"kind\": \"FEATURE\"}");

        heard.get(30, TimeUnit.SECONDS);
        changeStale(browser, stale);
    }

    private static void changeStale(Browser browser, String to) {
        HttpResponse<String> changed = browser.send(
                "PATCH",
                SHOP + "/deployments/returns",
                "{\"stale\": \"" + to + "\", \"by\": \"test\", \"reason\": \"to be heard of\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    private static JsonNode json(Shop shop, String path) {
        HttpResponse<String> response = new Browser(shop.httpAddress()).get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Browser.json(response);
    }
}

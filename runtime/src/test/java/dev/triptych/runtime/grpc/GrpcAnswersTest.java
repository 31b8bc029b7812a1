package dev.triptych.runtime.grpc;

import static dev.triptych.runtime.Client.number;
import static dev.triptych.runtime.Client.text;
import static dev.triptych.runtime.Client.time;
import static dev.triptych.runtime.Client.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.Contributions;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListSystemsRequest;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.StoredRow;
import dev.triptych.v1.Value;
import dev.triptych.v1.WriteFeaturesRequest;
import dev.triptych.v1.WriteFeaturesResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client can rely on where nothing goes wrong. */
@ExtendWith(SharedShop.class)
@Timeout(60)
class GrpcAnswersTest {

    private static final Timestamp PLACED = time("2026-02-01T00:00:00Z");

    @Test
    void healthSaysServingOfTheNodeAndOfEachService(Shop shop) {
        var health = HealthGrpc.newBlockingStub(shop.client().channel());
        for (String service : List.of("", "triptych.v1.FeatureService", "triptych.v1.PredictionService")) {
            assertThat(health.check(HealthCheckRequest.newBuilder()
                                    .setService(service)
                                    .build())
                            .getStatus())
                    .as("service '%s'", service)
                    .isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void reflectionListsEveryService(Shop shop) throws Exception {
        var listed = new CompletableFuture<ServerReflectionResponse>();
        StreamObserver<ServerReflectionRequest> question = ServerReflectionGrpc.newStub(
                        shop.client().channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        listed.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        listed.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        question.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());

        assertThat(listed.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        "triptych.v1.FeatureService",
                        "triptych.v1.PipelineService",
                        "triptych.v1.RegistryService",
                        "triptych.v1.DeploymentService",
                        "triptych.v1.PredictionService",
                        "triptych.v1.AuditService",
                        "grpc.health.v1.Health");
        question.onCompleted();
    }

    @Test
    void theDefinitionIsListed(Shop shop) {
        var system = shop.client()
                .pipelines()
                .listSystems(ListSystemsRequest.getDefaultInstance())
                .getSystems(0);

        assertThat(system.getName()).isEqualTo("shop");
        assertThat(system.getModelsList()).containsExactly("returns");
        assertThat(system.getViews(0).getFeaturesList())
                .extracting(feature -> feature.getName() + ": " + feature.getType())
                .containsExactly("amount: float64", "items: int64", "country: string");
    }

    @Test
    void aDeadlineThatHasPassedEndsTheCallAndNothingElse(Shop shop) {
        Instant before = Instant.now();
        StatusRuntimeException late = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> shop.client()
                        .features()
                        .withDeadlineAfter(1, TimeUnit.NANOSECONDS)
                        .read(read("o1").build()));

        assertThat(late.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(5));
        assertThat(amountOf(shop, read("o1"))).isEqualTo(20.5);
    }

    @Test
    void aRepeatedWriteIdIsAcknowledgedAndChangesNothing(Shop shop) {
        WriteFeaturesRequest first =
                write("twice", PLACED, 10).setWriteId("write-1").build();
        WriteFeaturesRequest repeatedWithAnotherAmount =
                write("twice", PLACED, 99).setWriteId("write-1").build();

        assertThat(shop.client().features().write(first)).isEqualTo(written(1, 0));
        assertThat(shop.client().features().write(first)).isEqualTo(written(0, 1));
        assertThat(shop.client().features().write(repeatedWithAnotherAmount)).isEqualTo(written(0, 1));

        assertThat(history(shop, "twice")).hasSize(1);
        assertThat(amountOf(shop, read("twice"))).isEqualTo(10);
    }

    @Test
    void aRowThatIsThereAlreadyIsNotWrittenAgain(Shop shop) {
        WriteFeaturesRequest row = write("same", PLACED, 10).build();

        assertThat(shop.client().features().write(row)).isEqualTo(written(1, 0));
        assertThat(shop.client().features().write(row)).isEqualTo(written(0, 1));
        assertThat(history(shop, "same")).hasSize(1);
    }

    @Test
    void readsGoBackInEventTimeAndInWhatWasKnown(Shop shop) {
        Timestamp later = time("2026-02-02T00:00:00Z");
        shop.client().features().write(write("past", PLACED, 10).build());
        shop.client().features().write(write("past", later, 30).build());
        shop.client().features().write(write("past", PLACED, 20).build());
        List<StoredRow> rows = history(shop, "past");
        assertThat(rows)
                .extracting(row -> row.getValuesOrThrow("amount").getFloat64())
                .containsExactly(30.0, 20.0, 10.0);
        Timestamp firstKnown = rows.get(2).getIngestTime();
        Timestamp secondKnown = rows.get(0).getIngestTime();

        assertThat(amountOf(shop, read("past"))).isEqualTo(30);
        assertThat(amountOf(shop, read("past").setAsOf(PLACED)))
                .as("the correction came later")
                .isEqualTo(20);
        assertThat(amountOf(shop, read("past").setAsOf(PLACED).setKnownAt(secondKnown)))
                .as("before the correction")
                .isEqualTo(10);
        assertThat(amountOf(shop, read("past").setKnownAt(firstKnown))).isEqualTo(10);
        assertThat(statusOf(shop, read("past").setAsOf(time("2026-01-31T23:59:59.999999Z"))))
                .as("a microsecond before the first row")
                .isEqualTo(FeatureValue.Status.NOT_FOUND);
        assertThat(statusOf(shop, read("past").setKnownAt(time("2026-01-01T00:00:00Z"))))
                .as("before anything was known")
                .isEqualTo(FeatureValue.Status.NOT_FOUND);
    }

    @Test
    void aKeyNeverWrittenAndANullAreToldApart(Shop shop) {
        shop.client()
                .features()
                .write(WriteFeaturesRequest.newBuilder()
                        .setSystem("shop")
                        .setView("placed")
                        .addRows(FeatureRow.newBuilder().setKey("nothing-known").setEventTime(PLACED))
                        .build());

        assertThat(statusOf(shop, read("nothing-known"))).isEqualTo(FeatureValue.Status.NULL_VALUE);
        assertThat(statusOf(shop, read("never-written"))).isEqualTo(FeatureValue.Status.NOT_FOUND);
    }

    @Test
    void keysAreListedPageByPage(Shop shop) {
        var page = ListKeysRequest.newBuilder()
                .setSystem("shop")
                .setView("outcome")
                .setLimit(3);

        assertThat(shop.client().features().listKeys(page.build()).getKeysList())
                .containsExactly("o1", "o2", "o3");
        assertThat(shop.client()
                        .features()
                        .listKeys(page.setAfter("o6").build())
                        .getKeysList())
                .containsExactly("o7", "o8");
    }

    @Test
    void aKeyAndItsFeaturesGivenByHandArePredictedAlike(Shop shop) {
        Prediction byKey = predict(shop, Instance.newBuilder().setKey("o9"));
        Prediction byFeatures = predict(
                shop,
                Instance.newBuilder()
                        .putFeatures("amount", whole(290))
                        .putFeatures("placed.items", whole(6))
                        .putFeatures("country", text("pl")));

        assertThat(byFeatures.getScoresMap()).isEqualTo(byKey.getScoresMap()).hasSize(2);
        assertThat(byKey.getOutput()).isEqualTo("true");
        assertThat(byKey.getKey()).isEqualTo("o9");
        assertThat(byKey.getSequenceNr()).isPositive();
        assertThat(byKey.getFeaturesList())
                .extracting(FeatureValue::getFeature)
                .containsExactly("placed.amount", "placed.items", "placed.country");
        assertThat(byFeatures.getKey()).isEmpty();
    }

    @Test
    void aFeatureLeftOutIsAMissingOne(Shop shop) {
        Value missing = Value.newBuilder().setNull(NullValue.NULL_VALUE).build();

        Prediction leftOut = predict(shop, Instance.newBuilder().putFeatures("amount", number(290)));
        Prediction missed = predict(
                shop,
                Instance.newBuilder()
                        .putFeatures("amount", number(290))
                        .putFeatures("items", missing)
                        .putFeatures("country", missing));

        assertThat(leftOut.getScoresMap()).isEqualTo(missed.getScoresMap());
        assertThat(leftOut.getFeaturesList())
                .extracting(FeatureValue::getStatus)
                .containsExactly(
                        FeatureValue.Status.PRESENT, FeatureValue.Status.NULL_VALUE, FeatureValue.Status.NULL_VALUE);
    }

    @Test
    void aPredictionIsListedAsItWasAnswered(Shop shop) {
        Prediction answered = predict(shop, Instance.newBuilder().setKey("o5"));

        List<Prediction> listed = shop.client()
                .predictions()
                .listPredictions(ListPredictionsRequest.newBuilder()
                        .setSystem("shop")
                        .setKey("o5")
                        .build())
                .getPredictionsList();

        assertThat(listed).contains(answered.toBuilder().clearFeatures().build());
    }

    @Test
    void tellsWhatEachFeatureAddedWhereAsked(Shop shop) {
        Instance.Builder order = Instance.newBuilder().setKey("o5");
        Prediction explained = explained(shop, order);
        double no = Math.exp(rawOutput(explained, "false"));
        double yes = Math.exp(rawOutput(explained, "true"));

        assertThat(explained.getExplanationOrThrow("true").getByFeatureMap())
                .containsOnlyKeys("placed.amount", "placed.items", "placed.country");
        assertThat(explained.getScoresOrThrow("true")).isCloseTo(yes / (no + yes), within(1e-5));
        assertThat(predict(shop, order).getExplanationMap()).isEmpty();
    }

    @Test
    void theImportanceOfAnInputIsItsMeanContributionOverTheRowsTrainedOn(Shop shop) {
        var expected = new TreeMap<String, Double>();
        for (int order = 1; order <= 8; order++) {
            Prediction explained = explained(shop, Instance.newBuilder().setKey("o" + order));
            explained
                    .getExplanationMap()
                    .values()
                    .forEach(outcome -> outcome.getByFeatureMap()
                            .forEach(
                                    (feature, added) -> expected.merge(feature, Math.abs(added) / 8 / 2, Double::sum)));
        }

        ModelVersion version = shop.client().model("returns").getVersions(0);

        assertThat(version.getEvaluatedBy().getEvaluator()).isEqualTo("flattened");
        assertThat(version.getImportance().getRows()).isEqualTo(8);
        assertThat(version.getImportance().getInputsList())
                .hasSize(3)
                .allSatisfy(input -> assertThat(input.getValue())
                        .isCloseTo(expected.getOrDefault(input.getFeature(), -1.0), within(1e-9)));
        assertThat(expected.values()).anySatisfy(value -> assertThat(value).isPositive());
    }

    private static double rawOutput(Prediction explained, String outcome) {
        Contributions told = explained.getExplanationOrThrow(outcome);
        return told.getBase()
                + told.getByFeatureMap().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
    }

    private static Prediction explained(Shop shop, Instance.Builder instance) {
        return shop.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .addInstances(instance)
                        .setExplain(true)
                        .build())
                .getPredictions(0);
    }

    private static Prediction predict(Shop shop, Instance.Builder instance) {
        return shop.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .addInstances(instance)
                        .build())
                .getPredictions(0);
    }

    private static WriteFeaturesRequest.Builder write(String key, Timestamp eventTime, double amount) {
        return WriteFeaturesRequest.newBuilder()
                .setSystem("shop")
                .setView("placed")
                .addRows(FeatureRow.newBuilder()
                        .setKey(key)
                        .setEventTime(eventTime)
                        .putValues("amount", number(amount)));
    }

    private static WriteFeaturesResponse written(long rows, long unchanged) {
        return WriteFeaturesResponse.newBuilder()
                .setRowsWritten(rows)
                .setRowsUnchanged(unchanged)
                .build();
    }

    private static ReadFeaturesRequest.Builder read(String key) {
        return ReadFeaturesRequest.newBuilder()
                .setSystem("shop")
                .setEntity("order")
                .addKeys(key)
                .addFeatures("placed.amount");
    }

    private static FeatureValue valueOf(Shop shop, ReadFeaturesRequest.Builder request) {
        return shop.client().features().read(request.build()).getVectors(0).getValues(0);
    }

    private static double amountOf(Shop shop, ReadFeaturesRequest.Builder request) {
        return valueOf(shop, request).getValue().getFloat64();
    }

    private static FeatureValue.Status statusOf(Shop shop, ReadFeaturesRequest.Builder request) {
        return valueOf(shop, request).getStatus();
    }

    private static List<StoredRow> history(Shop shop, String key) {
        return shop.client()
                .features()
                .history(FeatureHistoryRequest.newBuilder()
                        .setSystem("shop")
                        .setView("placed")
                        .setKey(key)
                        .build())
                .getRowsList();
    }
}

package dev.triptych.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.InferParameter;
import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferRequest.InferInputTensor;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.oip.ModelMetadataRequest;
import dev.triptych.oip.ModelMetadataResponse.TensorMetadata;
import dev.triptych.oip.ModelReadyRequest;
import dev.triptych.oip.ServerLiveRequest;
import dev.triptych.oip.ServerMetadataRequest;
import dev.triptych.oip.ServerReadyRequest;
import dev.triptych.runtime.SharedShop;
import dev.triptych.runtime.SharedShop.Shop;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.Value;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Open Inference Protocol on a real node. The oracle is Triptych's own service, and raw buffers that are laid out
 * here byte by byte.
 */
@ExtendWith(SharedShop.class)
@Timeout(60)
class OpenInferenceTest {

    @Test
    void serverAndModelAreLiveAndReady(Shop shop) {
        var protocol = protocol(shop);

        assertThat(protocol.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(protocol.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(protocol.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("triptych");
        for (String name : List.of("returns", "shop.returns")) {
            assertThat(protocol.modelReady(
                                    ModelReadyRequest.newBuilder().setName(name).build())
                            .getReady())
                    .isTrue();
        }
        assertThat(protocol.modelReady(ModelReadyRequest.newBuilder()
                                .setName("returns")
                                .setVersion("1")
                                .build())
                        .getReady())
                .isTrue();
        assertThat(protocol.modelReady(ModelReadyRequest.newBuilder()
                                .setName("returns")
                                .setVersion("999")
                                .build())
                        .getReady())
                .isFalse();
    }

    @Test
    void metadataComesFromTheSignature(Shop shop) {
        var metadata = protocol(shop)
                .modelMetadata(
                        ModelMetadataRequest.newBuilder().setName("returns").build());

        assertThat(metadata.getVersionsList()).contains("1");
        assertThat(metadata.getInputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("placed.amount", "placed.items", "placed.country");
        assertThat(metadata.getInputsList())
                .extracting(TensorMetadata::getDatatype)
                .containsExactly("FP64", "INT64", "BYTES");
        assertThat(metadata.getOutputsList())
                .extracting(tensor -> tensor.getName() + " " + tensor.getDatatype() + tensor.getShapeList())
                .containsExactly("prediction BYTES[-1]", "scores FP64[-1, 2]", "prediction_id BYTES[-1]");
        assertThat(metadata.getPropertiesMap()).containsEntry("outputs", "false,true");
    }

    @Test
    void aBatchIsAnsweredAsTriptychsOwnServiceAnswersIt(Shop shop) {
        ModelInferResponse response = protocol(shop).modelInfer(batch().build());

        assertThat(response.getId()).isEqualTo("question-1");
        assertThat(response.getModelVersion()).isEqualTo("1");
        assertThat(tensor(response, "scores").getShapeList()).containsExactly(2L, 2L);
        assertThat(tensor(response, "scores").getContents().getFp64ContentsList())
                .isEqualTo(expectedScores(shop));
        assertThat(tensor(response, "prediction").getContents().getBytesContentsList())
                .extracting(ByteString::toStringUtf8)
                .isEqualTo(own(shop).stream().map(Prediction::getOutput).toList());
    }

    @Test
    void rawContentsAreTheSameQuestionAndGetRawAnswers(Shop shop) {
        var request = batch().clearInputs();
        batch().getInputsList()
                .forEach(tensor -> request.addInputs(tensor.toBuilder().clearContents()));
        request.addRawInputContents(bytes(16, buffer -> buffer.putDouble(30.0).putDouble(Double.NaN)))
                .addRawInputContents(bytes(8, buffer -> buffer.putInt(1).putInt(7)))
                .addRawInputContents(bytes(
                        12,
                        buffer -> buffer.putInt(2)
                                .put("se".getBytes(StandardCharsets.UTF_8))
                                .putInt(2)
                                .put("pl".getBytes(StandardCharsets.UTF_8))));
        ModelInferResponse response = protocol(shop).modelInfer(request.build());

        assertThat(response.getOutputsList()).noneMatch(ModelInferResponse.InferOutputTensor::hasContents);
        ByteBuffer scores =
                response.getRawOutputContents(1).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (double expected : expectedScores(shop)) {
            assertThat(scores.getDouble()).isEqualTo(expected);
        }
        assertThat(scores.hasRemaining()).isFalse();
    }

    @Test
    void aTensorOfKeysMakesTheNodeLookTheFeaturesUp(Shop shop) {
        ModelInferResponse response = protocol(shop).modelInfer(keys("o1", "o2").build());

        List<Double> expected = shop
                .client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .addInstances(Instance.newBuilder().setKey("o1"))
                        .addInstances(Instance.newBuilder().setKey("o2"))
                        .build())
                .getPredictionsList()
                .stream()
                .flatMap(OpenInferenceTest::scores)
                .toList();
        assertThat(tensor(response, "scores").getContents().getFp64ContentsList())
                .isEqualTo(expected);
    }

    @Test
    void onlyTheOutputsAskedForAreSent(Shop shop) {
        var request = batch().addOutputs(ModelInferRequest.InferRequestedOutputTensor.newBuilder()
                .setName("prediction_id"));

        ModelInferResponse response = protocol(shop).modelInfer(request.build());

        assertThat(response.getOutputsList())
                .extracting(ModelInferResponse.InferOutputTensor::getName)
                .containsExactly("prediction_id");
        String id = response.getOutputs(0).getContents().getBytesContents(0).toStringUtf8();
        assertThat(shop.client()
                        .audit()
                        .replay(dev.triptych.v1.ReplayRequest.newBuilder()
                                .setId(id)
                                .build())
                        .next()
                        .getIdentical())
                .isTrue();
    }

    @Test
    void everyWholeNumberTypeIsTaken(Shop shop) {
        for (String type : List.of("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64")) {
            int size = Integer.parseInt(type.replaceAll("\\D", "")) / 8;
            var items = InferInputTensor.newBuilder()
                    .setName("items")
                    .setDatatype(type)
                    .addShape(1);
            var request = ModelInferRequest.newBuilder()
                    .setModelName("returns")
                    .addInputs(items)
                    .addRawInputContents(bytes(size, buffer -> buffer.put((byte) 7)));

            ModelInferResponse response = protocol(shop).modelInfer(request.build());

            assertThat(response.getOutputsCount()).as(type).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no inputs",
                "shape",
                "datatype",
                "too few",
                "name",
                "twice",
                "raw length",
                "raw beside contents",
                "raw count",
                "type",
                "output",
                "key beside features",
                "utf-8"
            })
    void aRequestThatDoesNotFitIsRefusedWithTheTensorsName(String mistake, Shop shop) {
        var request = batch();
        InferInputTensor.Builder amount = request.getInputsBuilder(0);
        String named = switch (mistake) {
            case "no inputs" -> {
                request.clearInputs();
                yield "inputs";
            }
            case "shape" -> {
                amount.clearShape().addShape(2).addShape(3);
                yield "amount.shape: [2, 3]";
            }
            case "datatype" -> {
                amount.setDatatype("FP128");
                yield "amount.datatype: FP128";
            }
            case "too few" -> {
                amount.getContentsBuilder().clearFp64Contents().addFp64Contents(1);
                yield "amount.contents: 1 elements";
            }
            case "name" -> {
                amount.setName("amuont");
                yield "amuont";
            }
            case "twice" -> {
                request.addInputs(amount.build());
                yield "amount: given twice";
            }
            case "raw length" -> {
                request.getInputsBuilderList().forEach(InferInputTensor.Builder::clearContents);
                for (int i = 0; i < 3; i++) {
                    request.addRawInputContents(ByteString.copyFrom(new byte[15]));
                }
                yield "amount.raw_input_contents: 15 bytes";
            }
            case "raw beside contents" -> {
                for (int i = 0; i < 3; i++) {
                    request.addRawInputContents(ByteString.copyFrom(new byte[16]));
                }
                yield "amount.contents";
            }
            case "raw count" -> {
                request.addRawInputContents(ByteString.EMPTY);
                yield "raw_input_contents: 1 buffers";
            }
            case "type" -> {
                request.getInputsBuilder(1)
                        .setDatatype("FP32")
                        .setContents(InferTensorContents.newBuilder()
                                .addFp32Contents(1.5f)
                                .addFp32Contents(2));
                yield "items";
            }
            case "output" -> {
                request.addOutputsBuilder().setName("probabilities");
                yield "outputs[0].name: probabilities";
            }
            case "key beside features" -> {
                request.putParameters(
                        "entity_key",
                        InferParameter.newBuilder().setStringParam("country").build());
                yield "inputs";
            }
            case "utf-8" -> {
                request.getInputsBuilder(2)
                        .getContentsBuilder()
                        .setBytesContents(0, ByteString.copyFrom(new byte[] {(byte) 0xff}));
                yield "country[0]";
            }
            default -> throw new IllegalArgumentException(mistake);
        };

        var refusal = catchThrowableOfType(
                StatusRuntimeException.class, () -> protocol(shop).modelInfer(request.build()));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription()).contains(named);
    }

    @Test
    void whatIsNotThereIsNotFound(Shop shop) {
        for (var request : List.of(
                batch().setModelName("refunds"),
                batch().setModelVersion("99"),
                batch().setModelVersion("newest"),
                keys("o1", "nobody"))) {
            var refusal = catchThrowableOfType(
                    StatusRuntimeException.class, () -> protocol(shop).modelInfer(request.build()));

            assertThat(refusal.getStatus().getCode()).as(request.toString()).isEqualTo(Status.Code.NOT_FOUND);
        }
    }

    /** Two rows; the second's amount is missing. */
    private static ModelInferRequest.Builder batch() {
        return ModelInferRequest.newBuilder()
                .setModelName("returns")
                .setId("question-1")
                .addInputs(tensor("placed.amount", "FP64")
                        .setContents(InferTensorContents.newBuilder()
                                .addFp64Contents(30.0)
                                .addFp64Contents(Double.NaN)))
                .addInputs(tensor("items", "INT32")
                        .setContents(InferTensorContents.newBuilder()
                                .addIntContents(1)
                                .addIntContents(7)))
                .addInputs(tensor("country", "BYTES")
                        .setContents(InferTensorContents.newBuilder()
                                .addBytesContents(ByteString.copyFromUtf8("se"))
                                .addBytesContents(ByteString.copyFromUtf8("pl"))));
    }

    private static ModelInferRequest.Builder keys(String... keys) {
        var contents = InferTensorContents.newBuilder();
        for (String key : keys) {
            contents.addBytesContents(ByteString.copyFromUtf8(key));
        }
        return ModelInferRequest.newBuilder()
                .setModelName("shop.returns")
                .putParameters(
                        "entity_key",
                        InferParameter.newBuilder().setStringParam("order").build())
                .addInputs(tensor("order", "BYTES").setContents(contents));
    }

    private static InferInputTensor.Builder tensor(String name, String type) {
        return InferInputTensor.newBuilder().setName(name).setDatatype(type).addShape(2);
    }

    /** The rows of {@link #batch}, asked of Triptych's own service. */
    private static List<Prediction> own(Shop shop) {
        return shop.client()
                .predictions()
                .predict(PredictRequest.newBuilder()
                        .setSystem("shop")
                        .addInstances(Instance.newBuilder()
                                .putAllFeatures(Map.of(
                                        "amount",
                                        Value.newBuilder().setFloat64(30.0).build(),
                                        "items",
                                        Value.newBuilder().setInt64(1).build(),
                                        "country",
                                        Value.newBuilder().setText("se").build())))
                        .addInstances(Instance.newBuilder()
                                .putAllFeatures(Map.of(
                                        "amount",
                                        Value.newBuilder()
                                                .setNull(NullValue.NULL_VALUE)
                                                .build(),
                                        "items",
                                        Value.newBuilder().setInt64(7).build(),
                                        "country",
                                        Value.newBuilder().setText("pl").build())))
                        .build())
                .getPredictionsList();
    }

    private static List<Double> expectedScores(Shop shop) {
        return own(shop).stream().flatMap(OpenInferenceTest::scores).toList();
    }

    private static Stream<Double> scores(Prediction prediction) {
        return Stream.of(prediction.getScoresOrThrow("false"), prediction.getScoresOrThrow("true"));
    }

    private static ModelInferResponse.InferOutputTensor tensor(ModelInferResponse response, String name) {
        return response.getOutputsList().stream()
                .filter(tensor -> tensor.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ByteString bytes(int size, Consumer<ByteBuffer> fill) {
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        fill.accept(buffer);
        return ByteString.copyFrom(buffer.rewind());
    }

    private static GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub protocol(Shop shop) {
        return GRPCInferenceServiceGrpc.newBlockingStub(shop.client().channel());
    }
}

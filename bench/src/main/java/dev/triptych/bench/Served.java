package dev.triptych.bench;

import dev.triptych.oip.InferTensorContents;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferRequest.InferInputTensor;
import dev.triptych.store.CatchUp;
import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** A node that serves a hundred trees of depth six over twelve numbers, and a client of it with its requests. */
final class Served implements AutoCloseable {

    static final int IN_FLIGHT = 64;

    /** Of closed loops, for people. */
    static final String LOAD = IN_FLIGHT + " in flight on " + Client.CONNECTIONS + " connections";

    private static final int KEYS = 10_000;
    private static final int ROWS = 10_000;
    private static final int INPUTS = 12;
    private static final Duration CATCH_UP_MAX = Duration.ofSeconds(60);

    private final BenchNode node;
    private final Client client;

    /** @param versions of the model to train; the last one is the champion */
    Served(int versions) throws IOException {
        node = new BenchNode();
        client = new Client(node.node().grpcAddress());
        node.complete(client.channel(), "served", PipelineKind.FEATURE, Map.of());
        for (int i = 0; i < versions; i++) {
            node.complete(client.channel(), "served", PipelineKind.TRAINING, Map.of());
        }
        catchUp();
    }

    Client client() {
        return client;
    }

    /** Waits until what was recorded is projected, so that it takes nothing from what is measured next. */
    void catchUp() {
        CatchUp.await(node.node().actors(), CATCH_UP_MAX).toCompletableFuture().join();
    }

    /** One instance a request, by key; each key in turn. */
    static LongFunction<PredictRequest> byKey(String deployment) {
        List<PredictRequest> requests = IntStream.range(0, KEYS)
                .mapToObj(i -> PredictRequest.newBuilder()
                        .setSystem("served")
                        .setDeployment(deployment)
                        .addInstances(Instance.newBuilder().setKey("k" + i))
                        .build())
                .toList();
        return number -> requests.get((int) (number % KEYS));
    }

    /** One row a request: twelve tensors of one number. */
    static LongFunction<ModelInferRequest> rows(String deployment) {
        var random = new SplittableRandom(1);
        List<ModelInferRequest> requests = IntStream.range(0, ROWS)
                .mapToObj(row -> {
                    var request = ModelInferRequest.newBuilder()
                            .setModelName("served." + deployment)
                            .setId("r" + row);
                    for (int input = 0; input < INPUTS; input++) {
                        request.addInputs(InferInputTensor.newBuilder()
                                .setName("x" + input)
                                .setDatatype("FP64")
                                .addShape(1)
                                .setContents(InferTensorContents.newBuilder().addFp64Contents(random.nextDouble())));
                    }
                    return request.build();
                })
                .toList();
        return number -> requests.get((int) (number % ROWS));
    }

    @Override
    public void close() {
        client.close();
        node.close();
    }
}

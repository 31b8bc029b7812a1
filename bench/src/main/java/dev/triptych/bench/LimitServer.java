package dev.triptych.bench;

import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictResponse;
import dev.triptych.v1.PredictionServiceGrpc;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What gRPC alone can do: the node's services with the node's messages over the same transport, on the transport's own
 * threads, and neither features nor model. Each answer is one that the node gave, under the request's own key or id.
 */
final class LimitServer implements AutoCloseable {

    private final Server server;

    private LimitServer(Server server) {
        this.server = server;
    }

    static LimitServer start(PredictResponse predicted, ModelInferResponse inferred) throws IOException {
        return new LimitServer(NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .addService(new Predictions(predicted))
                .addService(new OpenInference(inferred))
                .build()
                .start());
    }

    String address() {
        return InetAddress.getLoopbackAddress().getHostAddress() + ":" + server.getPort();
    }

    private static final class Predictions extends PredictionServiceGrpc.PredictionServiceImplBase {
        private final PredictResponse recorded;

        Predictions(PredictResponse recorded) {
            this.recorded = recorded;
        }

        @Override
        public void predict(PredictRequest request, StreamObserver<PredictResponse> observer) {
            var prediction = recorded.getPredictions(0).toBuilder()
                    .setKey(request.getInstances(0).getKey());
            observer.onNext(
                    PredictResponse.newBuilder().addPredictions(prediction).build());
            observer.onCompleted();
        }
    }

    private static final class OpenInference extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
        private final ModelInferResponse recorded;

        OpenInference(ModelInferResponse recorded) {
            this.recorded = recorded;
        }

        @Override
        public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
            observer.onNext(recorded.toBuilder().setId(request.getId()).build());
            observer.onCompleted();
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}

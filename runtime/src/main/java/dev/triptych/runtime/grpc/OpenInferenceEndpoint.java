package dev.triptych.runtime.grpc;

import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.oip.ModelMetadataRequest;
import dev.triptych.oip.ModelMetadataResponse;
import dev.triptych.oip.ModelMetadataResponse.TensorMetadata;
import dev.triptych.oip.ModelReadyRequest;
import dev.triptych.oip.ModelReadyResponse;
import dev.triptych.oip.ServerLiveRequest;
import dev.triptych.oip.ServerLiveResponse;
import dev.triptych.oip.ServerMetadataRequest;
import dev.triptych.oip.ServerMetadataResponse;
import dev.triptych.oip.ServerReadyRequest;
import dev.triptych.oip.ServerReadyResponse;
import dev.triptych.runtime.openinference.ModelDescription;
import dev.triptych.runtime.openinference.ModelName;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.runtime.openinference.ServedModel;
import dev.triptych.runtime.openinference.TensorDescription;
import io.grpc.stub.StreamObserver;

/** The Open Inference Protocol over gRPC. */
final class OpenInferenceEndpoint extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    private final OpenInference protocol;

    OpenInferenceEndpoint(OpenInference protocol) {
        this.protocol = protocol;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        observer.onNext(ServerLiveResponse.newBuilder().setLive(true).build());
        observer.onCompleted();
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        Replies.reply(
                observer,
                () -> protocol.ready(Replies.timeout())
                        .thenApply(ready ->
                                ServerReadyResponse.newBuilder().setReady(ready).build()));
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        observer.onNext(ServerMetadataResponse.newBuilder()
                .setName(OpenInference.PLATFORM)
                .setVersion(OpenInference.version())
                .addExtensions(OpenInference.KEY_PARAMETER)
                .addExtensions(OpenInference.EXPLAIN_PARAMETER)
                .build());
        observer.onCompleted();
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        Replies.reply(
                observer,
                () -> model(request.getName(), request.getVersion())
                        .ready(Replies.timeout())
                        .thenApply(ready ->
                                ModelReadyResponse.newBuilder().setReady(ready).build()));
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        Replies.reply(
                observer,
                () -> model(request.getName(), request.getVersion())
                        .describe(Replies.timeout())
                        .thenApply(described -> metadata(request.getName(), described)));
    }

    private ServedModel model(String name, String version) {
        return protocol.model(new ModelName(name, version, "name", "version"));
    }

    private static ModelMetadataResponse metadata(String name, ModelDescription model) {
        var metadata = ModelMetadataResponse.newBuilder()
                .setName(name)
                .setPlatform(OpenInference.PLATFORM)
                .putProperties("entity", model.signature().entity())
                .putProperties("label", model.signature().label())
                .putProperties("outputs", String.join(",", model.signature().outputs()));
        model.versions().forEach(number -> metadata.addVersions(String.valueOf(number)));
        model.inputs().forEach(input -> metadata.addInputs(wire(input)));
        model.outputs().forEach(output -> metadata.addOutputs(wire(output)));
        return metadata.build();
    }

    private static TensorMetadata wire(TensorDescription tensor) {
        return TensorMetadata.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.type().name())
                .addAllShape(tensor.shape())
                .build();
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        Replies.reply(observer, () -> {
            ServedModel model = protocol.model(
                    new ModelName(request.getModelName(), request.getModelVersion(), "model_name", "model_version"));
            return model.infer(InferRequests.of(request), CallTraces.current(), Replies.timeout())
                    .thenApply(inference -> InferResponses.of(request, inference));
        });
    }
}

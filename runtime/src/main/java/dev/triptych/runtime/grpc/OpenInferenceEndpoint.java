package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.LocalAsk;
import dev.triptych.oip.GRPCInferenceServiceGrpc;
import dev.triptych.oip.ModelInferRequest;
import dev.triptych.oip.ModelInferResponse;
import dev.triptych.oip.ModelInferResponse.InferOutputTensor;
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
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The Open Inference Protocol, version 2: every deployment is a model named {@code system.deployment}, or by the
 * deployment's bare name where only one system has it; its versions are those of the model behind it. The specification
 * is KServe's "Open Inference Protocol (V2)".
 */
final class OpenInferenceEndpoint extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {

    private static final String PLATFORM = "triptych";

    private final ActorSystem<?> system;
    private final LocalAsk asks;
    private final RegisteredModels models;
    private final Map<String, ActorRef<InferenceActor.Command>> deployments;
    private final Map<String, List<Served>> byName;

    /** @param deployments by {@code system/deployment} */
    OpenInferenceEndpoint(
            ActorSystem<?> system, Definitions definitions, Map<String, ActorRef<InferenceActor.Command>> deployments) {
        this.system = system;
        this.asks = LocalAsk.get(system);
        this.models = new RegisteredModels(system);
        this.deployments = Map.copyOf(deployments);
        this.byName = byName(definitions, deployments);
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        observer.onNext(ServerLiveResponse.newBuilder().setLive(true).build());
        observer.onCompleted();
    }

    /** Ready once no deployment is still finding out which version answers. */
    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        Replies.reply(
                observer,
                () -> Replies.all(deployments.values().stream()
                                .map(this::describe)
                                .toList())
                        .thenApply(all -> ServerReadyResponse.newBuilder()
                                .setReady(all.stream().allMatch(Description::settled))
                                .build()));
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        observer.onNext(ServerMetadataResponse.newBuilder()
                .setName(PLATFORM)
                .setVersion(String.valueOf(getClass().getPackage().getImplementationVersion()))
                .addExtensions(InputTensors.KEY_PARAMETER)
                .build());
        observer.onCompleted();
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        Replies.reply(observer, () -> {
            Served served = served(request.getName(), "name");
            Optional<Integer> version = version(request.getVersion(), "version");
            CompletionStage<Boolean> ready = version.isEmpty()
                    ? describe(served.actor())
                            .thenApply(known -> known.serving().isPresent())
                    : models.of(served.model())
                            .thenApply(model -> model.version(version.get()).isPresent());
            return ready.thenApply(
                    is -> ModelReadyResponse.newBuilder().setReady(is).build());
        });
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        Replies.reply(observer, () -> {
            Served served = served(request.getName(), "name");
            Optional<Integer> number = version(request.getVersion(), "version");
            return models.of(served.model()).thenApply(model -> {
                Optional<ModelVersion> version = number.map(model::version)
                        .orElseGet(() -> model.behind(served.deployment().alias()));
                return metadata(
                        request.getName(),
                        model,
                        version.orElseThrow(() -> Statuses.notFound(
                                "version",
                                number.map(String::valueOf)
                                        .orElse(served.deployment().alias()),
                                "a version of " + served.model())));
            });
        });
    }

    private static ModelMetadataResponse metadata(String name, RegisteredModel model, ModelVersion version) {
        Signature signature = version.signature();
        var metadata = ModelMetadataResponse.newBuilder()
                .setName(name)
                .setPlatform(PLATFORM)
                .addAllOutputs(new OutputTensors(signature).metadata())
                .putProperties("entity", signature.entity())
                .putProperties("label", signature.label())
                .putProperties("outputs", String.join(",", signature.outputs()));
        model.versions().forEach(each -> metadata.addVersions(String.valueOf(each.number())));
        signature
                .inputs()
                .forEach(input -> metadata.addInputs(TensorMetadata.newBuilder()
                        .setName(input.name())
                        .setDatatype(TensorType.of(input.type()).name())
                        .addShape(-1)));
        return metadata.build();
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
        Replies.reply(observer, () -> {
            Served served = served(request.getModelName(), "model_name");
            Optional<Integer> version = version(request.getModelVersion(), "model_version");
            List<Instance> instances = InputTensors.instances(request);
            return asks.<InferenceActor.PredictReply>ask(
                            replyTo -> served.actor()
                                    .tell(new InferenceActor.Predict(
                                            instances, Optional.empty(), version, Optional.empty(), false, replyTo)),
                            Replies.timeout())
                    .thenApply(reply -> response(request, reply));
        });
    }

    private static ModelInferResponse response(ModelInferRequest request, InferenceActor.PredictReply reply) {
        return switch (reply) {
            case InferenceActor.Predicted predicted -> response(request, predicted);
            case InferenceActor.Refused(var reason)
            when reason.field().equals("version") ->
                throw Statuses.notFound("model_version", reason.value(), reason.expected());
            case InferenceActor.Refused(var reason) -> throw Statuses.invalid(reason);
            case InferenceActor.UnknownKey(var key) ->
                throw Statuses.notFound("inputs", key, "a key that has been written to the feature store");
            case InferenceActor.NoVersion(var model, var alias) ->
                throw Statuses.unavailable(
                        request.getModelName() + " is not ready: no version of " + model + " is " + alias);
            case InferenceActor.Unavailable(var reason) -> throw Statuses.unavailable(reason);
        };
    }

    private static ModelInferResponse response(ModelInferRequest request, InferenceActor.Predicted predicted) {
        var outputs = new OutputTensors(predicted.signature());
        List<InferOutputTensor> tensors =
                request.getOutputsCount() == 0 ? outputs.tensors(predicted.predictions()) : new ArrayList<>();
        for (int i = 0; i < request.getOutputsCount(); i++) {
            tensors.add(outputs.tensor(
                    request.getOutputs(i).getName(), predicted.predictions(), "outputs[" + i + "].name"));
        }
        var response = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(String.valueOf(
                        predicted.predictions().getFirst().record().version()))
                .setId(request.getId());
        for (InferOutputTensor tensor : tensors) {
            // As the client speaks, so it is answered.
            if (request.getRawInputContentsCount() > 0) {
                response.addRawOutputContents(OutputTensors.raw(tensor));
                response.addOutputs(tensor.toBuilder().clearContents());
            } else {
                response.addOutputs(tensor);
            }
        }
        return response.build();
    }

    private record Served(String system, DeploymentDefinition deployment, ActorRef<InferenceActor.Command> actor) {
        String model() {
            return system + "/" + deployment.model();
        }
    }

    private Served served(String name, String field) {
        List<Served> named = byName.getOrDefault(name, List.of());
        if (named.size() != 1) {
            List<String> all = deployments.keySet().stream()
                    .map(path -> path.replace('/', '.'))
                    .sorted()
                    .toList();
            throw Statuses.notFound(field, name, "one of " + all);
        }
        return named.getFirst();
    }

    /** Deployments of this node by every name they go by; several have one name where systems share it. */
    private static Map<String, List<Served>> byName(
            Definitions definitions, Map<String, ActorRef<InferenceActor.Command>> deployments) {
        var byName = new HashMap<String, List<Served>>();
        for (SystemDefinition system : definitions.systems()) {
            for (DeploymentDefinition deployment : system.deployments()) {
                ActorRef<InferenceActor.Command> actor = deployments.get(system.name() + "/" + deployment.name());
                if (actor != null) {
                    var served = new Served(system.name(), deployment, actor);
                    for (String name : List.of(deployment.name(), system.name() + "." + deployment.name())) {
                        byName.computeIfAbsent(name, each -> new ArrayList<>()).add(served);
                    }
                }
            }
        }
        return byName;
    }

    private static Optional<Integer> version(String text, String field) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw Statuses.notFound(field, text, "the number of a version");
        }
        return Optional.of(Integer.valueOf(text));
    }

    private CompletionStage<Description> describe(ActorRef<InferenceActor.Command> actor) {
        return AskPattern.ask(actor, InferenceActor.Describe::new, Replies.timeout(), system.scheduler());
    }
}

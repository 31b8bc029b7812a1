package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.inference.InferenceActor.Instance;
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
    private final RegisteredModels models;
    private final Definitions definitions;
    private final Map<String, ActorRef<InferenceActor.Command>> deployments;

    /** @param deployments by {@code system/deployment} */
    OpenInferenceEndpoint(
            ActorSystem<?> system, Definitions definitions, Map<String, ActorRef<InferenceActor.Command>> deployments) {
        this.system = system;
        this.models = new RegisteredModels(system);
        this.definitions = definitions;
        this.deployments = Map.copyOf(deployments);
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
            return models.of(served.model()).thenCombine(describe(served.actor()), (model, serving) -> {
                Optional<ModelVersion> version = number.map(model::version).orElseGet(serving::serving);
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
            return AskPattern.ask(
                            served.actor(),
                            (ActorRef<InferenceActor.PredictReply> replyTo) -> new InferenceActor.Predict(
                                    instances, Optional.empty(), version, Optional.empty(), false, replyTo),
                            Replies.timeout(),
                            system.scheduler())
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
            case InferenceActor.TooOld(var key, var features) -> throw Statuses.tooOld(key, features);
            case InferenceActor.TooLate(var deadline) -> throw Statuses.tooLate(deadline);
            case InferenceActor.NoVersion(var model, var alias) ->
                throw Statuses.unavailable(
                        request.getModelName() + " is not ready: no version of " + model + " is " + alias);
            case InferenceActor.Unavailable(var reason) -> throw Statuses.unavailable(reason);
        };
    }

    private static ModelInferResponse response(ModelInferRequest request, InferenceActor.Predicted predicted) {
        var outputs = new OutputTensors(outputsOf(predicted));
        var tensors = new ArrayList<InferOutputTensor>();
        if (request.getOutputsCount() == 0) {
            outputs.metadata()
                    .forEach(each -> tensors.add(outputs.tensor(each.getName(), predicted.predictions(), "outputs")));
        }
        for (int i = 0; i < request.getOutputsCount(); i++) {
            tensors.add(outputs.tensor(
                    request.getOutputs(i).getName(), predicted.predictions(), "outputs[" + i + "].name"));
        }
        var response = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(versionOf(predicted))
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

    /** Of any row: tensors need the same outputs in each of them. */
    private static Signature outputsOf(InferenceActor.Predicted predicted) {
        Signature first = predicted.predictions().getFirst().signature();
        if (predicted.predictions().stream()
                .anyMatch(each -> !each.signature().outputs().equals(first.outputs()))) {
            throw Statuses.failedPrecondition(
                    "the rows belong to versions with other outputs each (expected: rows sent one"
                            + " by one, or a model_version)");
        }
        return first;
    }

    /** Empty where the rows belong to several. */
    private static String versionOf(InferenceActor.Predicted predicted) {
        int first = predicted.predictions().getFirst().record().version();
        return predicted.predictions().stream().allMatch(each -> each.record().version() == first)
                ? String.valueOf(first)
                : "";
    }

    private record Served(String system, DeploymentDefinition deployment, ActorRef<InferenceActor.Command> actor) {
        String model() {
            return system + "/" + deployment.model();
        }
    }

    private Served served(String name, String field) {
        int dot = name.indexOf('.');
        List<Served> named = definitions.systems().stream()
                .filter(declared -> dot < 0 || declared.name().equals(name.substring(0, dot)))
                .flatMap(declared -> declared.deployment(name.substring(dot + 1)).stream()
                        .flatMap(deployment ->
                                Optional.ofNullable(deployments.get(declared.name() + "/" + deployment.name()))
                                        .map(actor -> new Served(declared.name(), deployment, actor))
                                        .stream()))
                .toList();
        if (named.size() != 1) {
            List<String> all = deployments.keySet().stream()
                    .map(path -> path.replace('/', '.'))
                    .sorted()
                    .toList();
            throw Statuses.notFound(field, name, "one of " + all);
        }
        return named.getFirst();
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

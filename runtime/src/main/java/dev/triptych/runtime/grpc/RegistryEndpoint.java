package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.Deployments;
import dev.triptych.kernel.Answers;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.VersionProfiles;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.RegistryEvent;
import dev.triptych.v1.AliasMove;
import dev.triptych.v1.ConfusionCell;
import dev.triptych.v1.EvaluatedBy;
import dev.triptych.v1.Evaluation;
import dev.triptych.v1.FeatureImportance;
import dev.triptych.v1.GetEvaluationRequest;
import dev.triptych.v1.GetLineageRequest;
import dev.triptych.v1.GetModelCardRequest;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.Lineage;
import dev.triptych.v1.ListModelsRequest;
import dev.triptych.v1.ListModelsResponse;
import dev.triptych.v1.Metrics;
import dev.triptych.v1.Model;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.NotServing;
import dev.triptych.v1.PromoteRequest;
import dev.triptych.v1.Provenance;
import dev.triptych.v1.RegistryServiceGrpc;
import dev.triptych.v1.RollBackRequest;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.Signature;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** RegistryService: models, their versions and aliases. */
final class RegistryEndpoint extends RegistryServiceGrpc.RegistryServiceImplBase {

    private static final String CHAMPION = "champion";

    private final ActorSystem<?> actors;
    private final ClusterSharding sharding;
    private final RegisteredModels models;
    private final Definitions definitions;
    private final Deployments deployments;
    private final VersionProfiles profiles;

    RegistryEndpoint(
            ActorSystem<?> system, Definitions definitions, Deployments deployments, VersionProfiles profiles) {
        this.actors = system;
        this.sharding = ClusterSharding.get(system);
        this.models = new RegisteredModels(system);
        this.definitions = definitions;
        this.deployments = deployments;
        this.profiles = profiles;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> observer) {
        Replies.reply(observer, () -> {
            Collection<SystemDefinition> systems = request.getSystem().isEmpty()
                    ? definitions.systems()
                    : List.of(definitions.system(request.getSystem()));
            var models = new ArrayList<CompletionStage<Model>>();
            for (SystemDefinition system : systems) {
                system.trainingPipelines().forEach(pipeline -> models.add(get(system.name(), pipeline.model())));
            }
            return Answers.all(models)
                    .thenApply(all ->
                            ListModelsResponse.newBuilder().addAllModels(all).build());
        });
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<Model> observer) {
        Replies.reply(observer, () -> {
            definitions.model(definitions.system(request.getSystem()), request.getModel());
            return get(request.getSystem(), request.getModel());
        });
    }

    @Override
    public void getLineage(GetLineageRequest request, StreamObserver<Lineage> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            return version(
                    system,
                    request.getModel(),
                    request.getVersion(),
                    (model, version) -> deployments(system, request.getModel())
                            .thenApply(served -> Lineages.of(system, model, version, served)));
        });
    }

    @Override
    public void getModelCard(GetModelCardRequest request, StreamObserver<HttpBody> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            return version(
                    system,
                    request.getModel(),
                    request.getVersion(),
                    (model, version) -> deployments(system, request.getModel())
                            .thenApply(served -> markdown(ModelCard.of(
                                    wire(system.name(), request.getModel(), model),
                                    wire(version),
                                    system.trainingPipelineOf(request.getModel()),
                                    served))));
        });
    }

    private static HttpBody markdown(String text) {
        return HttpBody.newBuilder()
                .setContentType("text/markdown; charset=UTF-8")
                .setData(ByteString.copyFromUtf8(text))
                .build();
    }

    private interface OfVersion<T> {
        CompletionStage<T> tell(RegisteredModel model, dev.triptych.store.models.domain.ModelVersion version);
    }

    private <T> CompletionStage<T> version(SystemDefinition system, String name, int number, OfVersion<T> question) {
        definitions.model(system, name);
        return models.of(system.name() + "/" + name)
                .thenCompose(model -> question.tell(
                        model,
                        model.version(number)
                                .orElseThrow(() -> Statuses.notFound(
                                        "version",
                                        String.valueOf(number),
                                        model.versions().isEmpty()
                                                ? "a version; " + model.model() + " has none yet"
                                                : "1 to " + model.versions().size()))));
    }

    private CompletionStage<List<ServedDeployment>> deployments(SystemDefinition system, String model) {
        Duration timeout = Replies.timeout();
        return Answers.all(system.deployments().stream()
                .filter(deployment -> deployment.model().equals(model))
                .map(deployment -> DeploymentMessages.served(deployments, system.name(), deployment, timeout))
                .toList());
    }

    private CompletionStage<Model> get(String system, String model) {
        return models.of(system + "/" + model).thenApply(registered -> wire(system, model, registered));
    }

    @Override
    public void promote(PromoteRequest request, StreamObserver<AliasMove> observer) {
        String by = AccessInterceptor.caller(request.getBy());
        Replies.reply(
                observer,
                () -> move(
                        request.getSystem(),
                        request.getModel(),
                        by,
                        request.getReason(),
                        replyTo -> new ModelRegistry.MoveAlias(
                                alias(request.getAlias()), request.getVersion(), by, request.getReason(), replyTo)));
    }

    @Override
    public void rollBack(RollBackRequest request, StreamObserver<AliasMove> observer) {
        String by = AccessInterceptor.caller(request.getBy());
        Replies.reply(
                observer,
                () -> move(
                        request.getSystem(),
                        request.getModel(),
                        by,
                        request.getReason(),
                        replyTo -> new ModelRegistry.RollBack(
                                alias(request.getAlias()), by, request.getReason(), replyTo)));
    }

    @Override
    public void getEvaluation(GetEvaluationRequest request, StreamObserver<Evaluation> observer) {
        Replies.reply(observer, () -> {
            definitions.model(definitions.system(request.getSystem()), request.getModel());
            return models.of(request.getSystem() + "/" + request.getModel()).thenCompose(registered -> {
                var version = evaluated(request, registered);
                return profiles.of(version)
                        .thenApply(profile -> EvaluationMessages.wire(
                                request.getSystem(),
                                request.getModel(),
                                version,
                                profile.orElseThrow(() -> Statuses.failedPrecondition("version " + version.number()
                                        + " was trained before evaluations were kept; train again"))));
            });
        });
    }

    private static dev.triptych.store.models.domain.ModelVersion evaluated(
            GetEvaluationRequest request, RegisteredModel registered) {
        return request.getVersion() == 0
                ? registered
                        .behind(CHAMPION)
                        .orElseThrow(() -> Statuses.notFound("version", "champion", "a version; train and promote one"))
                : registered
                        .version(request.getVersion())
                        .orElseThrow(() -> Statuses.notFound(
                                "version",
                                String.valueOf(request.getVersion()),
                                "1 to " + registered.versions().size()));
    }

    private CompletionStage<AliasMove> move(
            String system,
            String model,
            String by,
            String reason,
            Function<ActorRef<ModelRegistry.MoveReply>, ModelRegistry.Command> command) {
        SystemDefinition declared = definitions.system(system);
        definitions.model(declared, model);
        Duration timeout = Replies.timeout();
        return PatientAsk.askOnce(
                        actors,
                        NodeRoles.TRAINING,
                        sharding.entityRefFor(ModelRegistry.TYPE_KEY, system + "/" + model),
                        command,
                        timeout)
                .thenCompose(reply -> switch (reply) {
                    case ModelRegistry.Moved moved ->
                        deployments
                                .adoptAll(declared, model, Replies.within(timeout))
                                .thenApply(behind -> AliasMove.newBuilder()
                                        .setAlias(moved.alias())
                                        .setVersion(moved.version())
                                        .setPrevious(moved.previous())
                                        .setBy(by)
                                        .setReason(reason)
                                        .addAllNotServing(behind.stream()
                                                .map(RegistryEndpoint::wire)
                                                .toList())
                                        .build());
                    case ModelRegistry.Refused(var refusal) -> throw Statuses.notFound(refusal);
                });
    }

    private static NotServing wire(Deployments.NotServing behind) {
        return NotServing.newBuilder()
                .setDeployment(behind.deployment())
                .setNode(behind.node())
                .setProblem(behind.problem())
                .build();
    }

    private static String alias(String given) {
        return given.isEmpty() ? CHAMPION : given;
    }

    private static Model wire(String system, String model, RegisteredModel registered) {
        return Model.newBuilder()
                .setSystem(system)
                .setModel(model)
                .addAllVersions(registered.versions().stream()
                        .map(RegistryEndpoint::wire)
                        .toList())
                .putAllAliases(registered.aliases())
                .addAllMoves(
                        registered.moves().stream().map(RegistryEndpoint::wire).toList())
                .build();
    }

    static AliasMove wire(RegistryEvent.AliasMoved move) {
        return AliasMove.newBuilder()
                .setAlias(move.alias())
                .setVersion(move.version())
                .setPrevious(move.previous())
                .setBy(move.by())
                .setReason(move.reason())
                .setAt(Translation.timestamp(move.atMicros()))
                .build();
    }

    private static ModelVersion wire(dev.triptych.store.models.domain.ModelVersion version) {
        var wire = ModelVersion.newBuilder()
                .setNumber(version.number())
                .setContentHash(version.contentHash())
                .setArtifactHash(version.artifactHash())
                .setSignature(wire(version.signature()))
                .putAllMetrics(version.metrics())
                .setProvenance(wire(version.provenance()))
                .setCreated(Translation.timestamp(version.createdMicros()));
        version.evaluatedBy()
                .ifPresent(by -> wire.setEvaluatedBy(
                        EvaluatedBy.newBuilder().setEvaluator(by.evaluator()).setReason(by.reason())));
        version.importance()
                .ifPresent(importance ->
                        wire.setImportance(wire(importance, version.signature().inputs())));
        version.baselineMetrics()
                .forEach((baseline, metrics) -> wire.putBaselineMetrics(
                        baseline, Metrics.newBuilder().putAllValues(metrics).build()));
        version.confusion()
                .forEach((actual, row) -> row.forEach((predicted, count) -> wire.addConfusion(ConfusionCell.newBuilder()
                        .setActual(actual)
                        .setPredicted(predicted)
                        .setCount(count))));
        return wire.build();
    }

    private static FeatureImportance wire(
            dev.triptych.store.models.domain.FeatureImportance importance, List<FeatureRead> inputs) {
        var wire = FeatureImportance.newBuilder().setRows(importance.rows());
        for (int input = 0; input < inputs.size(); input++) {
            wire.addInputs(FeatureImportance.Input.newBuilder()
                    .setFeature(inputs.get(input).name())
                    .setValue(importance.inputs().get(input)));
        }
        return wire.build();
    }

    private static Signature wire(dev.triptych.store.models.domain.Signature signature) {
        var wire = Signature.newBuilder()
                .setEntity(signature.entity())
                .setTask(signature.task().name())
                .setLabel(signature.label())
                .addAllOutputs(signature.outputs());
        for (FeatureRead input : signature.inputs()) {
            wire.addInputs(Signature.Input.newBuilder()
                    .setFeature(input.name())
                    .setType(input.type().label())
                    .setRequired(signature.required().contains(input.name())));
        }
        return wire.build();
    }

    private static Provenance wire(dev.triptych.store.models.domain.Provenance provenance) {
        return Provenance.newBuilder()
                .setRunId(provenance.runId())
                .setDatasetHash(provenance.datasetHash())
                .setDatasetRows(provenance.datasetRows())
                .setDefinitionHash(provenance.definitionHash())
                .setHorizonTransaction(provenance.horizonTransaction())
                .setHorizonOrdering(provenance.horizonOrdering())
                .setSeed(provenance.seed())
                .setTrainer(provenance.trainer())
                .putAllParameters(provenance.parameters())
                .putAllLibraries(provenance.libraries())
                .build();
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.LocalAsk;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.models.domain.Explanation;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.v1.Contributions;
import dev.triptych.v1.GetPredictionRequest;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ListPredictionsResponse;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictResponse;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PredictionServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PredictionService: online predictions, and the record of all of them. */
final class PredictionEndpoint extends PredictionServiceGrpc.PredictionServiceImplBase {

    private static final int INSTANCES_MAX = 1_000;

    private final LocalAsk asks;
    private final Definitions definitions;
    private final Map<String, ActorRef<InferenceActor.Command>> deployments;
    private final RecordedPredictions recorded;

    /** @param deployments by {@code system/deployment} */
    PredictionEndpoint(
            ActorSystem<?> system,
            Definitions definitions,
            Map<String, ActorRef<InferenceActor.Command>> deployments,
            RecordedPredictions recorded) {
        this.asks = LocalAsk.get(system);
        this.definitions = definitions;
        this.deployments = Map.copyOf(deployments);
        this.recorded = recorded;
    }

    @Override
    public void predict(PredictRequest request, StreamObserver<PredictResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(declared, request.getDeployment());
            if (request.getInstancesCount() == 0 || request.getInstancesCount() > INSTANCES_MAX) {
                throw Statuses.invalid(
                        "instances", request.getInstancesCount() + " instances", "1 to " + INSTANCES_MAX);
            }
            var instances = new ArrayList<InferenceActor.Instance>();
            for (int i = 0; i < request.getInstancesCount(); i++) {
                instances.add(instance(request.getInstances(i), "instances[" + i + "]"));
            }
            ActorRef<InferenceActor.Command> actor = deployments.get(declared.name() + "/" + deployment.name());
            if (actor == null) {
                throw Statuses.unavailable(
                        deployment.name() + " is not served by this node; ask one of role inference");
            }
            Optional<String> trace = CallTraces.current();
            return asks.<InferenceActor.PredictReply>ask(
                            replyTo -> actor.tell(new InferenceActor.Predict(
                                    instances,
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    request.getExplain(),
                                    trace,
                                    replyTo)),
                            Replies.timeout())
                    .thenApply(reply -> response(request, reply));
        });
    }

    private static InferenceActor.Instance instance(Instance wire, String field) {
        if (wire.getKey().isEmpty() && wire.getFeaturesCount() == 0) {
            throw Statuses.invalid(field, "empty", "a key, or features");
        }
        var given = new HashMap<String, dev.triptych.store.features.domain.Value>();
        wire.getFeaturesMap()
                .forEach((name, value) -> given.put(name, Translation.value(value, field + ".features." + name)));
        Optional<String> key =
                Translation.given(wire.getKey()).map(text -> Definitions.checkedKey(text, field + ".key"));
        return new InferenceActor.Instance(key, given);
    }

    private static PredictResponse response(PredictRequest request, InferenceActor.PredictReply reply) {
        return switch (reply) {
            case InferenceActor.Predicted(var predictions) -> {
                var response = PredictResponse.newBuilder();
                for (InferenceActor.Prediction prediction : predictions) {
                    Signature signature = prediction.signature();
                    var wire = begun(prediction.record(), Optional.of(signature));
                    for (int i = 0; i < prediction.features().size(); i++) {
                        wire.addFeatures(Translation.wire(
                                signature.inputs().get(i), prediction.features().get(i)));
                    }
                    prediction.explanation().ifPresent(explanation -> explain(explanation, signature, wire));
                    wire.addAllWarnings(prediction.warnings());
                    response.addPredictions(wire);
                }
                yield response.build();
            }
            case InferenceActor.Refused(var reason) -> throw Statuses.invalid(reason);
            case InferenceActor.UnknownKey(var key) ->
                throw Statuses.notFound(
                        "instances[" + indexOf(key, request) + "].key",
                        key,
                        "a key that has been written to the feature store");
            case InferenceActor.TooOld tooOld -> throw Statuses.failedPrecondition(tooOld.message());
            case InferenceActor.TooLate tooLate -> throw Statuses.deadlineExceeded(tooLate.message());
            case InferenceActor.NoVersion(var model, var alias) ->
                throw Statuses.notFound(
                        "deployment", alias + " of " + model, "a version behind the alias; train and promote one");
            case InferenceActor.Unavailable(var reason) -> throw Statuses.unavailable(reason);
        };
    }

    static void explain(Explanation explanation, Signature signature, Prediction.Builder wire) {
        for (int output = 0; output < explanation.outputs().size(); output++) {
            Explanation.Output told = explanation.outputs().get(output);
            var contributions = Contributions.newBuilder().setBase(told.base());
            for (int input = 0; input < told.contributions().size(); input++) {
                contributions.putByFeature(
                        signature.inputs().get(input).name(),
                        told.contributions().get(input));
            }
            wire.putExplanation(signature.outputs().get(output), contributions.build());
        }
    }

    private static int indexOf(String key, PredictRequest request) {
        return request.getInstancesList().stream()
                .map(Instance::getKey)
                .toList()
                .indexOf(key);
    }

    @Override
    public void listPredictions(ListPredictionsRequest request, StreamObserver<ListPredictionsResponse> observer) {
        Replies.reply(observer, () -> recorded.list(request));
    }

    @Override
    public void getPrediction(GetPredictionRequest request, StreamObserver<Prediction> observer) {
        Replies.reply(observer, () -> recorded.get(request.getId()));
    }

    static Prediction wire(PredictionRecord record, Optional<Signature> signature) {
        return begun(record, signature).build();
    }

    static Prediction.Builder begun(PredictionRecord record, Optional<Signature> signature) {
        var wire = Prediction.newBuilder()
                .setId(record.id())
                .setSystem(record.system())
                .setDeployment(record.deployment())
                .setModel(record.model())
                .setVersion(record.version())
                .setKey(record.key().orElse(""))
                .setPredicted(Translation.timestamp(record.predictedMicros()))
                .setAsOf(Translation.timestamp(record.asOfMicros()))
                .setSequenceNr(record.sequenceNr())
                .setRunId(record.runId().orElse(""))
                .setShadowOf(record.shadowOf().orElse(""));
        List<Double> outputs = record.outputs();
        for (int i = 0; i < outputs.size(); i++) {
            wire.putScores(name(signature, i), outputs.get(i));
        }
        // A version that the registry does not know has numbers for outcomes, and no best among them.
        return wire.setOutput(signature.map(known -> known.output(outputs)).orElse(""));
    }

    private static String name(Optional<Signature> signature, int output) {
        return signature.map(known -> known.outputs().get(output)).orElseGet(() -> String.valueOf(output));
    }
}

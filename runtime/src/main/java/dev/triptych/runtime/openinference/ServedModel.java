package dev.triptych.runtime.openinference;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.runtime.openinference.OpenInference.Deployed;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A deployment as a model of the protocol, in the version that was named, or whichever its alias points at. */
public final class ServedModel {

    private final ActorSystem<?> system;
    private final Deployed deployed;
    private final ModelName name;
    private final Optional<Integer> version;

    ServedModel(ActorSystem<?> system, Deployed deployed, ModelName name, Optional<Integer> version) {
        this.system = system;
        this.deployed = deployed;
        this.name = name;
        this.version = version;
    }

    /** Whether requests are answered; of a named version, whether there is one. */
    public CompletionStage<Boolean> ready(Duration timeout) {
        if (version.isPresent()) {
            return registered(timeout)
                    .thenApply(model -> model.version(version.get()).isPresent());
        }
        CompletionStage<Description> description =
                AskPattern.ask(deployed.actor(), InferenceActor.Describe::new, timeout, system.scheduler());
        return description.thenApply(known -> known.serving().isPresent());
    }

    /** Fails with {@link RefusedException} where there is no such version. */
    public CompletionStage<ModelDescription> describe(Duration timeout) {
        return registered(timeout).thenApply(model -> {
            Optional<ModelVersion> found = version.isPresent()
                    ? model.version(version.get())
                    : model.behind(deployed.deployment().alias());
            ModelVersion described = found.orElseThrow(() -> noSuchVersion(
                    version.map(String::valueOf).orElse(deployed.deployment().alias())));
            return new ModelDescription(
                    model.versions().stream().map(ModelVersion::number).toList(), described.signature());
        });
    }

    public RefusedException noSuchVersion() {
        return noSuchVersion(name.version());
    }

    private RefusedException noSuchVersion(String asked) {
        return RefusedException.notFound(name.versionField(), asked, "a version of " + deployed.model());
    }

    private CompletionStage<RegisteredModel> registered(Duration timeout) {
        return ClusterSharding.get(system)
                .entityRefFor(ModelRegistry.TYPE_KEY, deployed.model())
                .ask((ActorRef<RegisteredModel> replyTo) -> new ModelRegistry.Get(replyTo), timeout);
    }

    /** Fails with {@link RefusedException} where the answer is none. */
    public CompletionStage<Inference> infer(InferenceRequest request, Duration timeout) {
        boolean explain = request.explain() || request.outputs().contains(OutputTensors.CONTRIBUTIONS);
        return AskPattern.ask(
                        deployed.actor(),
                        (ActorRef<InferenceActor.PredictReply> replyTo) -> new InferenceActor.Predict(
                                request.instances(), Optional.empty(), version, Optional.empty(), explain, replyTo),
                        timeout,
                        system.scheduler())
                .thenApply(reply -> answer(request, explain, reply));
    }

    private Inference answer(InferenceRequest request, boolean explain, InferenceActor.PredictReply reply) {
        return switch (reply) {
            case InferenceActor.Predicted(var signature, var predictions) ->
                new Inference(
                        predictions.getFirst().record().version(),
                        new OutputTensors(signature).of(predictions, request.outputs(), explain));
            case InferenceActor.Refused(var reason)
            when reason.field().equals("version") ->
                throw RefusedException.notFound(name.versionField(), reason.value(), reason.expected());
            case InferenceActor.Refused(var reason) -> throw RefusedException.invalid(reason);
            case InferenceActor.UnknownKey(var key) ->
                throw RefusedException.notFound("inputs", key, "a key that has been written to the feature store");
            case InferenceActor.NoVersion(var model, var alias) ->
                throw RefusedException.notReady(name.name() + " is not ready: no version of " + model + " is " + alias);
            case InferenceActor.Unavailable(var reason) -> throw RefusedException.notReady(reason);
        };
    }
}

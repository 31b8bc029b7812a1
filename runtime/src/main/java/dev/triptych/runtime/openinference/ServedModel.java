package dev.triptych.runtime.openinference;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.InferenceActor.Description;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.LocalAsk;
import dev.triptych.runtime.openinference.OpenInference.Deployed;
import dev.triptych.store.models.ModelRegistry;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import java.time.Duration;
import java.util.List;
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
        return serving(timeout).thenApply(Optional::isPresent);
    }

    /** Fails with {@link RefusedException} where there is no such version. */
    public CompletionStage<ModelDescription> describe(Duration timeout) {
        return registered(timeout).thenCombine(serving(timeout), (model, serving) -> {
            ModelVersion described = version.map(model::version)
                    .orElse(serving)
                    .orElseThrow(() -> noSuchVersion(version.map(String::valueOf)
                            .orElse(deployed.deployment().alias())));
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

    private CompletionStage<Optional<ModelVersion>> serving(Duration timeout) {
        CompletionStage<Description> description =
                AskPattern.ask(deployed.actor(), InferenceActor.Describe::new, timeout, system.scheduler());
        return description.thenApply(Description::serving);
    }

    private CompletionStage<RegisteredModel> registered(Duration timeout) {
        return ModelRegistry.model(system, deployed.model(), timeout);
    }

    /**
     * Fails with {@link RefusedException} where the answer is none.
     *
     * @param trace that the request belongs to, see {@link dev.triptych.store.Traces}; empty for none
     */
    public CompletionStage<Inference> infer(InferenceRequest request, Optional<String> trace, Duration timeout) {
        boolean explain = request.explain() || request.outputs().contains(OutputTensors.CONTRIBUTIONS);
        return LocalAsk.get(system)
                .<InferenceActor.PredictReply>ask(
                        replyTo -> deployed.actor()
                                .tell(new InferenceActor.Predict(
                                        request.instances(),
                                        Optional.empty(),
                                        version,
                                        Optional.empty(),
                                        explain,
                                        trace,
                                        replyTo)),
                        timeout)
                .thenApply(reply -> answer(request, explain, reply));
    }

    private Inference answer(InferenceRequest request, boolean explain, InferenceActor.PredictReply reply) {
        return switch (reply) {
            case InferenceActor.Predicted(var predictions) ->
                new Inference(
                        version(predictions),
                        new OutputTensors(outputs(predictions)).of(predictions, request.outputs(), explain));
            case InferenceActor.Refused(var reason)
            when reason.field().equals("version") ->
                throw RefusedException.notFound(name.versionField(), reason.value(), reason.expected());
            case InferenceActor.Refused(var reason) -> throw RefusedException.invalid(reason);
            case InferenceActor.UnknownKey(var key) ->
                throw RefusedException.notFound("inputs", key, "a key that has been written to the feature store");
            case InferenceActor.TooOld tooOld -> throw RefusedException.unfit(tooOld.message());
            case InferenceActor.TooLate tooLate -> throw RefusedException.tooLate(tooLate.message());
            case InferenceActor.NoVersion(var model, var alias) ->
                throw RefusedException.notReady(name.name() + " is not ready: no version of " + model + " is " + alias);
            case InferenceActor.Unavailable(var reason) -> throw RefusedException.notReady(reason);
        };
    }

    /** Of any row: tensors need the same outputs in each of them. */
    private static Signature outputs(List<Prediction> predictions) {
        Signature first = predictions.getFirst().signature();
        if (predictions.stream().anyMatch(each -> !each.signature().outputs().equals(first.outputs()))) {
            throw RefusedException.unfit("the rows belong to versions with other outputs each (expected: rows sent one"
                    + " by one, or a version that is named)");
        }
        return first;
    }

    private static Optional<Integer> version(List<Prediction> predictions) {
        int first = predictions.getFirst().record().version();
        return predictions.stream().allMatch(each -> each.record().version() == first)
                ? Optional.of(first)
                : Optional.empty();
    }
}

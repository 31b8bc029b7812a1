package dev.triptych.inference;

import dev.triptych.inference.InferenceActor.Instance;
import dev.triptych.inference.InferenceActor.Predict;
import dev.triptych.inference.InferenceActor.PredictReply;
import dev.triptych.inference.InferenceActor.Predicted;
import dev.triptych.inference.InferenceActor.Prediction;
import dev.triptych.inference.InferenceActor.Refused;
import dev.triptych.kernel.Invalid;
import dev.triptych.store.models.LoadedVersions.LoadedVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request where several versions answer: each row goes where its key lies. The caller gets all answers or, where one
 * version refuses its rows, none; what the other versions have recorded by then stays recorded.
 */
final class SplitPredictions {

    private static final Pattern INSTANCE = Pattern.compile("^instances\\[(\\d{1,9})]");

    private final PredictionFlow flow;

    SplitPredictions(PredictionFlow flow) {
        this.flow = flow;
    }

    CompletionStage<PredictReply> answer(Predict predict, RouteTable table) {
        var parts = new LinkedHashMap<LoadedVersion, List<Integer>>();
        List<Instance> instances = predict.instances();
        for (int i = 0; i < instances.size(); i++) {
            parts.computeIfAbsent(table.of(instances.get(i)), version -> new ArrayList<>())
                    .add(i);
        }
        if (parts.size() == 1) {
            LoadedVersion version = parts.keySet().iterator().next();
            return flow.answer(predict, CompletableFuture.completedStage(version), table.rules());
        }
        return gather(predict, table, parts);
    }

    private CompletionStage<PredictReply> gather(
            Predict predict, RouteTable table, Map<LoadedVersion, List<Integer>> parts) {
        Prediction[] all = new Prediction[predict.instances().size()];
        CompletionStage<PredictReply> sofar = CompletableFuture.completedStage(new Predicted(List.of()));
        for (Map.Entry<LoadedVersion, List<Integer>> part : parts.entrySet()) {
            CompletionStage<PredictReply> answer = flow.answer(
                    part(predict, part.getValue()), CompletableFuture.completedStage(part.getKey()), table.rules());
            sofar = sofar.thenCombine(answer, (before, reply) -> {
                if (!(before instanceof Predicted)) {
                    return before;
                }
                return placed(reply, part.getValue(), all);
            });
        }
        return sofar.thenApply(last -> last instanceof Predicted ? new Predicted(List.of(all)) : last);
    }

    private static Predict part(Predict predict, List<Integer> rows) {
        return new Predict(
                rows.stream().map(predict.instances()::get).toList(),
                predict.asOfMicros(),
                predict.version(),
                predict.runId(),
                predict.explain(),
                predict.trace(),
                predict.replyTo());
    }

    private static PredictReply placed(PredictReply reply, List<Integer> rows, Prediction[] all) {
        switch (reply) {
            case Predicted predicted -> {
                for (int i = 0; i < rows.size(); i++) {
                    all[rows.get(i)] = predicted.predictions().get(i);
                }
            }
            case Refused(var reason) -> {
                return new Refused(new Invalid(asAsked(reason.field(), rows), reason.value(), reason.expected()));
            }
            default -> {}
        }
        return reply;
    }

    /** The path in the caller's request. */
    private static String asAsked(String field, List<Integer> rows) {
        Matcher matcher = INSTANCE.matcher(field);
        return matcher.find()
                ? "instances[" + rows.get(Integer.parseInt(matcher.group(1))) + "]" + field.substring(matcher.end())
                : field;
    }
}

package dev.triptych.kernel;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers to the same question about several things. */
public final class Answers {

    private Answers() {}

    /**
     * Asks about each key, all at once; the first failure in their order is the failure of all.
     *
     * @param keys each once
     */
    public static <K, V> CompletionStage<Map<K, V>> byKey(
            Collection<K> keys, Function<K, CompletionStage<V>> question) {
        CompletionStage<Map<K, V>> all = CompletableFuture.completedStage(new HashMap<>());
        for (K key : keys) {
            all = all.thenCombine(question.apply(key), (answers, answer) -> {
                answers.put(key, answer);
                return answers;
            });
        }
        return all;
    }
}

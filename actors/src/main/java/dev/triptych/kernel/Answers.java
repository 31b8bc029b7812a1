package dev.triptych.kernel;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Answers to the same question about several things. */
public final class Answers {

    private Answers() {}

    /** All answers, in the order of their stages; where any fails, the first failure in that order. */
    public static <T> CompletionStage<List<T>> all(Collection<? extends CompletionStage<T>> stages) {
        List<CompletableFuture<T>> answers =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream().map(CompletableFuture::join).toList());
    }

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

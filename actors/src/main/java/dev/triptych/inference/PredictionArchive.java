package dev.triptych.inference;

import dev.triptych.inference.domain.PredictionRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Recorded predictions, found again: a projection of the prediction logs. Answers on any thread. */
public interface PredictionArchive {

    /**
     * What to list; every filter is optional.
     *
     * @param sinceMicros inclusive
     * @param untilMicros exclusive
     * @param after only predictions that are listed after this id: where the last page ended
     * @param limit at most this many, 1 to 10,000
     * @param newestFirst whether the greatest id comes first
     */
    record Filter(
            Optional<String> system,
            Optional<String> deployment,
            Optional<String> key,
            Optional<Integer> version,
            Optional<String> runId,
            Optional<Long> sinceMicros,
            Optional<Long> untilMicros,
            Optional<String> after,
            int limit,
            boolean newestFirst) {

        /** Oldest first. */
        public Filter(
                Optional<String> system,
                Optional<String> deployment,
                Optional<String> key,
                Optional<Integer> version,
                Optional<String> runId,
                Optional<Long> sinceMicros,
                Optional<Long> untilMicros,
                Optional<String> after,
                int limit) {
            this(system, deployment, key, version, runId, sinceMicros, untilMicros, after, limit, false);
        }

        /** Everything that is recorded, in pages of {@code limit}. */
        public static Filter everything(int limit) {
            return new Filter(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    limit);
        }

        /** What was predicted from this key's features. */
        public Filter ofKey(String system, String key) {
            return new Filter(
                    Optional.of(system),
                    deployment,
                    Optional.of(key),
                    version,
                    runId,
                    sinceMicros,
                    untilMicros,
                    after,
                    limit,
                    newestFirst);
        }

        /** What a batch run has recorded. */
        public Filter ofRun(String id) {
            return new Filter(
                    system,
                    deployment,
                    key,
                    version,
                    Optional.of(id),
                    sinceMicros,
                    untilMicros,
                    after,
                    limit,
                    newestFirst);
        }

        /** Only what was predicted before this instant, too. */
        public Filter until(long micros) {
            long earlier = Math.min(micros, untilMicros.orElse(Long.MAX_VALUE));
            return new Filter(
                    system,
                    deployment,
                    key,
                    version,
                    runId,
                    sinceMicros,
                    Optional.of(earlier),
                    after,
                    limit,
                    newestFirst);
        }

        /** The greatest ids first. */
        public Filter fromTheNewest() {
            return new Filter(system, deployment, key, version, runId, sinceMicros, untilMicros, after, limit, true);
        }

        /** The page that follows the one that ended with this id. */
        public Filter after(String id) {
            return new Filter(
                    system,
                    deployment,
                    key,
                    version,
                    runId,
                    sinceMicros,
                    untilMicros,
                    Optional.of(id),
                    limit,
                    newestFirst);
        }
    }

    /** Waits until everything acknowledged before this call can be found. */
    CompletionStage<Optional<PredictionRecord>> find(String id);

    /** By id, oldest first or newest first. A first page waits as {@link #find} does; one that follows shows what the first waited for. */
    CompletionStage<List<PredictionRecord>> list(Filter filter);

    /**
     * Since when, UTC microseconds, the archive is complete: predictions made before may have left it, and are in the
     * journal alone. 0 if it keeps everything. Asked after a list, it tells of all that the list lacks.
     */
    CompletionStage<Long> keptSinceMicros();
}

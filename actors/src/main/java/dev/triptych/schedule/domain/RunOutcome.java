package dev.triptych.schedule.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.triptych.kernel.CborSerializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a run ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunOutcome.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = RunOutcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = RunOutcome.Cancelled.class, name = "cancelled")
})
public sealed interface RunOutcome extends CborSerializable {

    /**
     * @param counts what was done, by name: {@code rowsRead, rowsWritten, rowsUnchanged, rowsRejected} of a feature
     *     run; {@code datasetRows, version, promoted} of a training run; {@code predictions, keysSkipped} (recorded by an
     *     earlier attempt), {@code keysUnseen} (without a row at the run's time) and {@code keysRefused} (with features
     *     too old, or missing though required) of an inference run
     * @param notes what cannot be counted, by name: {@code datasetHash}, {@code gate.1}, …
     * @param rejections the first rejected rows with file, line, column and value; bounded
     * @param cursor where the source now stands
     */
    record Completed(
            Map<String, Long> counts, Map<String, String> notes, List<String> rejections, Optional<String> cursor)
            implements RunOutcome {
        public Completed {
            counts = Map.copyOf(counts);
            notes = Map.copyOf(notes);
            rejections = List.copyOf(rejections);
        }
    }

    /**
     * @param reason one clear sentence for people
     * @param rejections as above
     */
    record Failed(String reason, List<String> rejections) implements RunOutcome {
        public Failed {
            rejections = List.copyOf(rejections);
        }
    }

    record Cancelled(String by) implements RunOutcome {}
}

package dev.triptych.runtime.grpc;

import com.google.protobuf.Timestamp;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.kernel.Micros;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What answers say of predictions that have left the archive.
 *
 * @param sinceMicros the archive is complete since then; 0 if it keeps everything
 */
record KeptPredictions(long sinceMicros) {

    static CompletionStage<KeptPredictions> in(PredictionArchive archive) {
        return archive.keptSinceMicros().thenApply(KeptPredictions::new);
    }

    /** Refuses a question about what is not kept. */
    KeptPredictions require(Optional<Long> askedSinceMicros) {
        if (askedSinceMicros.isPresent() && askedSinceMicros.get() < sinceMicros) {
            throw Statuses.invalid(
                    "since",
                    Micros.toInstant(askedSinceMicros.get()).toString(),
                    since() + " or later: earlier predictions have left the table (triptych.predictions.retention) and"
                            + " are in the journal alone");
        }
        return this;
    }

    StatusRuntimeException unknown(String id) {
        return Statuses.notFound(
                "id",
                id,
                "the id of a recorded prediction"
                        + (sinceMicros == 0
                                ? ""
                                : " made since " + since() + "; earlier ones have left the table"
                                        + " (triptych.predictions.retention) and are in the journal alone"));
    }

    /** Since when, where an answer to this question lacks something. */
    Optional<Timestamp> lacking(Optional<Long> askedSinceMicros) {
        return askedSinceMicros.orElse(Long.MIN_VALUE) < sinceMicros
                ? Optional.of(Translation.timestamp(sinceMicros)).filter(since -> sinceMicros > 0)
                : Optional.empty();
    }

    private String since() {
        return Micros.toInstant(sinceMicros).toString();
    }
}

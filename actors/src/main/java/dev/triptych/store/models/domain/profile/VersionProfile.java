package dev.triptych.store.models.domain.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a version leaves behind when it is trained, beside its metrics: what live data is compared with, and how it did on
 * rows it had not seen.
 *
 * @param inputs over the rows the version was fitted on, one an input in the signature's order
 * @param output over the held-out rows, whose scores are what live ones should look like: of two outcomes the
 *     probability of the last, of more the most probable one, of a regression the number
 * @param fittedOutput the same over rows the version was fitted on, or some of them. Null where the version itself scored
 *     the held-out rows; with k folds others did, and live scores may look like either
 * @param evaluation over the held-out rows
 */
public record VersionProfile(
        List<ColumnProfile> inputs,
        ColumnProfile output,
        @Nullable ColumnProfile fittedOutput,
        EvaluationProfile evaluation) {
    public VersionProfile {
        inputs = List.copyOf(inputs);
    }
}

package dev.triptych.store.models.domain.profile;

import java.util.List;

/**
 * What a version leaves behind when it is trained, beside its metrics: what live data is compared with, and how it did on
 * rows it had not seen.
 *
 * @param inputs over the rows the version was fitted on, one an input in the signature's order
 * @param output over the held-out rows, whose scores are what live ones should look like: of two outcomes the
 *     probability of the last, of more the most probable one, of a regression the number
 * @param evaluation over the held-out rows
 */
public record VersionProfile(List<ColumnProfile> inputs, ColumnProfile output, EvaluationProfile evaluation) {
    public VersionProfile {
        inputs = List.copyOf(inputs);
    }
}

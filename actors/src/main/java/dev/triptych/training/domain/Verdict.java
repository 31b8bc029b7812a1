package dev.triptych.training.domain;

import dev.triptych.definition.domain.Metric;
import dev.triptych.definition.domain.TrainingPipelineDefinition.Promotion;
import dev.triptych.kernel.CborSerializable;
import dev.triptych.store.models.domain.ModelVersion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a version that was just trained becomes champion by itself.
 *
 * @param promote whether it does
 * @param reason why, or why not, for people; recorded with the move
 */
public record Verdict(boolean promote, String reason) implements CborSerializable {

    /**
     * What speaks for or against a promotion before anything is compared; empty if it depends on the comparison with
     * the champion.
     *
     * @param contentHash the candidate's
     */
    public static Optional<Verdict> withoutComparison(
            Promotion promotion, List<GateResult> gates, Optional<ModelVersion> champion, String contentHash) {
        long failed = gates.stream().filter(gate -> !gate.passed()).count();
        if (promotion == Promotion.MANUAL) {
            return Optional.of(new Verdict(false, "promotion is manual"));
        }
        if (failed > 0) {
            return Optional.of(new Verdict(false, failed + " of " + gates.size() + " gates failed"));
        }
        if (champion.isEmpty()) {
            return Optional.of(new Verdict(true, "gates passed; there was no champion"));
        }
        if (champion.get().contentHash().equals(contentHash)) {
            return Optional.of(
                    new Verdict(false, "the champion, version " + champion.get().number() + ", is the same model"));
        }
        return Optional.empty();
    }

    /** @param how the two numbers came about: {@code on the same held-out rows} */
    public static Verdict compared(Metric metric, double candidate, double champion, String how) {
        boolean noWorse = metric.isNoWorse(candidate, champion);
        return new Verdict(
                noWorse,
                String.format(
                        Locale.ROOT,
                        "%s %.6f is %s the champion's %.6f, %s",
                        metric.label(),
                        candidate,
                        noWorse ? "no worse than" : "worse than",
                        champion,
                        how));
    }
}

package dev.triptych.monitoring.domain;

import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.ColumnProfile.Numbers;
import dev.triptych.store.models.domain.profile.VersionProfile;
import java.util.List;
import java.util.Optional;

/**
 * How far a feature, or the output, is from what the version learnt from.
 *
 * @param feature {@code view.feature}, or {@link #OUTPUT}
 * @param bins that both were counted in
 * @param psi see {@link Divergence#psi}
 * @param psiByChance see {@link Divergence#psiByChance}
 * @param psiOfBaseline how unsure the baseline is itself: for the output of a version that was fitted on the rows that others
 *     held out, the PSI between its scores of rows it was fitted on and those of held-out rows; otherwise 0
 * @param jensenShannon see {@link Divergence#jensenShannon}
 * @param kolmogorovSmirnov see {@link Divergence#kolmogorovSmirnov}; empty for categories
 */
public record Drift(
        String feature,
        ColumnProfile baseline,
        ColumnProfile live,
        List<SharedBins.Bin> bins,
        double psi,
        double psiByChance,
        double psiOfBaseline,
        double jensenShannon,
        Optional<Double> kolmogorovSmirnov) {

    public static final String OUTPUT = "output";

    /** @param live of the same kind as the baseline */
    public static Drift of(String feature, ColumnProfile baseline, ColumnProfile live) {
        List<SharedBins.Bin> bins = SharedBins.of(baseline, live).bins();
        return new Drift(
                feature,
                baseline,
                live,
                bins,
                Divergence.psi(bins),
                Divergence.psiByChance(bins),
                0,
                Divergence.jensenShannon(bins),
                baseline instanceof Numbers learnt && live instanceof Numbers now
                        ? Optional.of(Divergence.kolmogorovSmirnov(learnt, now))
                        : Optional.empty());
    }

    /** What a version gives live, against its scores of held-out rows. */
    public static Drift ofOutput(VersionProfile profile, ColumnProfile live) {
        Drift drift = of(OUTPUT, profile.output(), live);
        double unsure = profile.fittedOutput() == null
                ? 0
                : Divergence.psi(
                        SharedBins.of(profile.output(), profile.fittedOutput()).bins());
        return new Drift(
                OUTPUT,
                drift.baseline(),
                live,
                drift.bins(),
                drift.psi(),
                drift.psiByChance(),
                unsure,
                drift.jensenShannon(),
                drift.kolmogorovSmirnov());
    }

    /**
     * From which PSI on it has drifted: what was asked for, or what so few rows come to by chance, if that is more; and
     * what the baseline is unsure by on top.
     */
    public double threshold(double psiAskedFor) {
        return Math.max(psiAskedFor, psiByChance) + psiOfBaseline;
    }
}

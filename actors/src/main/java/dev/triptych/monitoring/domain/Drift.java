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
                Divergence.jensenShannon(bins),
                baseline instanceof Numbers learnt && live instanceof Numbers now
                        ? Optional.of(Divergence.kolmogorovSmirnov(learnt, now))
                        : Optional.empty());
    }

    /**
     * What a version gives live, against its scores of held-out rows. Where it scored none itself, against what other fits
     * gave for these or against its own scores of rows it was fitted on, whichever is nearer: live ones may look like
     * either, a forest's more like the former, and those of a few trees, which are few different numbers, like the latter.
     */
    public static Drift ofOutput(VersionProfile profile, ColumnProfile live) {
        Drift heldOut = of(OUTPUT, profile.output(), live);
        ColumnProfile fittedOutput = profile.fittedOutput();
        if (fittedOutput == null) {
            return heldOut;
        }
        Drift fitted = of(OUTPUT, fittedOutput, live);
        return fitted.psi() < heldOut.psi() ? fitted : heldOut;
    }

    /** From which PSI on it has drifted: what was asked for, or what so few rows come to by chance, if that is more. */
    public double threshold(double psiAskedFor) {
        return Math.max(psiAskedFor, psiByChance);
    }
}

package dev.triptych.monitoring.domain;

import dev.triptych.store.models.domain.profile.ColumnProfile;
import dev.triptych.store.models.domain.profile.ColumnProfile.Numbers;
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

    /** From which PSI on it has drifted: what was asked for, or what so few rows come to by chance, if that is more. */
    public double threshold(double psiAskedFor) {
        return Math.max(psiAskedFor, psiByChance);
    }
}

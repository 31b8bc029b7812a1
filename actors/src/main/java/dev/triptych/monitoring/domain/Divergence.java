package dev.triptych.monitoring.domain;

import dev.triptych.monitoring.domain.SharedBins.Bin;
import dev.triptych.store.models.domain.profile.ColumnProfile.Numbers;
import java.util.List;
import java.util.TreeSet;

/** How far two distributions are apart. */
public final class Divergence {

    /** Standard normal quantile of 0.999. */
    private static final double Z_999 = 3.0902;

    private Divergence() {}

    /**
     * Population stability index, Σ (q − p) ln(q / p) over the bins' shares p of the baseline and q of the live rows: the
     * symmetrised Kullback–Leibler divergence, in nats. N. Siddiqi, "Credit Risk Scorecards" (2006), who takes less than
     * 0.1 for no change, and more than 0.25 for a great one. A bin that is empty on one side counts as half a row there,
     * without which the index would be infinite.
     *
     * @return 0 where either side has no rows
     */
    public static double psi(List<Bin> bins) {
        long baseline = baseline(bins);
        long live = live(bins);
        if (baseline == 0 || live == 0) {
            return 0;
        }
        double sum = 0;
        for (Bin bin : bins) {
            double p = Math.max(bin.baseline(), 0.5) / baseline;
            double q = Math.max(bin.live(), 0.5) / live;
            sum += (q - p) * Math.log(q / p);
        }
        return sum;
    }

    /**
     * The PSI that two samples of one distribution exceed by chance once in a thousand times: for B bins, and n and m
     * rows, PSI / (1/n + 1/m) is about χ² with B − 1 degrees of freedom. B. Yurdakul, "Statistical properties of
     * population stability index" (2018). The quantile of χ² is that of E. B. Wilson and M. M. Hilferty (1931).
     *
     * @return infinite where either side has no rows; 0 for one bin
     */
    public static double psiByChance(List<Bin> bins) {
        int freedom = bins.size() - 1;
        if (freedom < 1) {
            return 0;
        }
        double ninth = 2.0 / (9 * freedom);
        double quantile = freedom * Math.pow(1 - ninth + Z_999 * Math.sqrt(ninth), 3);
        return quantile * (1.0 / baseline(bins) + 1.0 / live(bins));
    }

    /**
     * Jensen–Shannon divergence, (KL(p ‖ m) + KL(q ‖ m)) / 2 with m = (p + q) / 2, in bits: 0 for the same shares, 1 for
     * no bin in common. J. Lin, "Divergence measures based on the Shannon entropy" (1991).
     *
     * @return 0 where either side has no rows
     */
    public static double jensenShannon(List<Bin> bins) {
        long baseline = baseline(bins);
        long live = live(bins);
        if (baseline == 0 || live == 0) {
            return 0;
        }
        double sum = 0;
        for (Bin bin : bins) {
            double p = (double) bin.baseline() / baseline;
            double q = (double) bin.live() / live;
            sum += part(p, (p + q) / 2) + part(q, (p + q) / 2);
        }
        return Math.clamp(sum / 2, 0, 1);
    }

    private static double part(double p, double m) {
        return p == 0 ? 0 : p * Math.log(p / m) / Math.log(2);
    }

    /**
     * Two-sample Kolmogorov–Smirnov statistic: the greatest difference of the shares of values at or below any number,
     * missing ones left aside. Off by as much as the two profiles are.
     *
     * @return 0 where either side has no values
     */
    public static double kolmogorovSmirnov(Numbers baseline, Numbers live) {
        if (baseline.present() == 0 || live.present() == 0) {
            return 0;
        }
        var all = new TreeSet<>(baseline.values());
        all.addAll(live.values());
        double greatest = 0;
        for (double at : all) {
            double difference =
                    (double) baseline.atOrBelow(at) / baseline.present() - (double) live.atOrBelow(at) / live.present();
            greatest = Math.max(greatest, Math.abs(difference));
        }
        return greatest;
    }

    private static long baseline(List<Bin> bins) {
        return bins.stream().mapToLong(Bin::baseline).sum();
    }

    private static long live(List<Bin> bins) {
        return bins.stream().mapToLong(Bin::live).sum();
    }
}

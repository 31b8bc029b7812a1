package dev.triptych.audit.domain;

import dev.triptych.store.models.domain.Signature;
import java.util.List;

/**
 * How another version's answers differ from those recorded, counted as they come by.
 *
 * <p>An answer of a classification has changed where another outcome is the most probable; one of a regression where the
 * bits differ. Its difference is the largest among its scores, as a probability, or that of the numbers.
 */
public final class Differences {

    private long compared;
    private long erased;
    private long changed;
    private double sum;
    private double max;
    private final Spread spread = new Spread();

    /** @param signature gives both lists their meaning */
    public void add(Signature signature, List<Double> recorded, List<Double> other) {
        double difference = 0;
        for (int i = 0; i < recorded.size(); i++) {
            difference = Math.max(difference, Math.abs(recorded.get(i) - other.get(i)));
        }
        compared++;
        changed += signature.output(recorded).equals(signature.output(other)) ? 0 : 1;
        sum += difference;
        max = Math.max(max, difference);
        spread.add(difference);
    }

    /** One that cannot be compared, as what it was computed from was erased. */
    public void addErased() {
        erased++;
    }

    public long compared() {
        return compared;
    }

    public long erased() {
        return erased;
    }

    public long changed() {
        return changed;
    }

    /** 0 where nothing was compared. */
    public double mean() {
        return compared == 0 ? 0 : sum / compared;
    }

    public double max() {
        return max;
    }

    public List<Spread.Bin> spread() {
        return spread.bins();
    }
}

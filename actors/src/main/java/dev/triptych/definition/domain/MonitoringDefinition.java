package dev.triptych.definition.domain;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a system is watched; every system is, also where its definition says nothing of it.
 *
 * @param window drift and quality are those of the predictions made in this time up to now
 * @param rowsMin drift over fewer predictions, and quality over fewer outcomes, raise no alert
 * @param psi a feature, or the output, has drifted from here on; see {@code Divergence}
 * @param quality bounds of live metrics: at least, where higher is better, and otherwise at most
 * @param freshness oldest that the newest row of a view may be, by view; a view that is not here goes by its TTL
 * @param webhook where alerts are sent, an http or https URL; empty for nowhere
 * @param onDrift what a drift does beside the alert
 */
public record MonitoringDefinition(
        Duration window,
        int rowsMin,
        double psi,
        Map<Metric, Double> quality,
        Map<String, Duration> freshness,
        Optional<String> webhook,
        OnDrift onDrift) {

    public enum OnDrift {
        /** Nothing more. */
        ALERT,
        /** Runs the training pipeline of the deployment's model, once a drift. */
        TRAIN
    }

    /** The PSI above which a shift counts as one is 0.2 or 0.25 by convention; see {@code Divergence}. */
    public static final double PSI_DEFAULT = 0.2;

    public static final MonitoringDefinition DEFAULT = new MonitoringDefinition(
            Duration.ofDays(1), 100, PSI_DEFAULT, Map.of(), Map.of(), Optional.empty(), OnDrift.ALERT);

    public MonitoringDefinition {
        quality = Map.copyOf(quality);
        freshness = Map.copyOf(freshness);
    }
}

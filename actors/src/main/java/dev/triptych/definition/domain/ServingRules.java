package dev.triptych.definition.domain;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.kernel.Invalid;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * How a deployment answers.
 *
 * @param routing which version answers which keys
 * @param shadows targets that are evaluated after the answer and recorded beside it, see {@link Route#to}
 */
public record ServingRules(Routing routing, List<String> shadows, Limits limits, Audit audit, Stale stale) {

    public static final int SHADOWS_MAX = 5;

    public ServingRules {
        shadows = List.copyOf(shadows);
    }

    /** Everything to one target, and the defaults of all else. */
    public static ServingRules allTo(String target, Audit audit) {
        return new ServingRules(Routing.allTo(target), List.of(), Limits.DEFAULT, audit, Stale.WARN);
    }

    /**
     * What is too much.
     *
     * @param instancesInFlight so many instances are under way at once on a node, 1 to {@link #IN_FLIGHT_MAX}
     * @param deadline an answer takes so long at most; empty for as long as the caller waits
     */
    public record Limits(int instancesInFlight, Optional<Duration> deadline) {

        public static final int IN_FLIGHT_MAX = 100_000;
        public static final Duration DEADLINE_MAX = Duration.ofSeconds(60);
        public static final Limits DEFAULT = new Limits(10_000, Optional.empty());

        /** Why these cannot be limits; empty where they can. */
        public Optional<Invalid> mistake() {
            if (instancesInFlight < 1 || instancesInFlight > IN_FLIGHT_MAX) {
                return Optional.of(new Invalid(
                        "limits.in_flight", String.valueOf(instancesInFlight), "1 to " + IN_FLIGHT_MAX + " instances"));
            }
            return deadline.filter(given -> given.toMillis() < 1 || given.compareTo(DEADLINE_MAX) > 0)
                    .map(given -> new Invalid(
                            "limits.deadline", given.toMillis() + " ms", "1 ms to " + DEADLINE_MAX.toSeconds() + " s"));
        }
    }

    /** What becomes of a row with a feature that is older than its view's time to live. */
    public enum Stale {
        /** The request is refused. */
        REFUSE,
        /** Answered, with a warning beside the feature's status. */
        WARN,
        /** Answered; the feature's status says it. */
        ALLOW
    }

    /** Why these cannot be the shadows beside this audit; empty where they can. */
    public static Optional<Invalid> mistake(List<String> shadows, Audit audit) {
        if (shadows.size() > SHADOWS_MAX) {
            return Optional.of(new Invalid("shadows", shadows.size() + " shadows", "at most " + SHADOWS_MAX));
        }
        var targets = new HashSet<String>();
        for (int i = 0; i < shadows.size(); i++) {
            String to = shadows.get(i);
            if (!Route.isTarget(to) || !targets.add(to)) {
                return Optional.of(new Invalid("shadows[" + i + "]", to, Route.TO_EXPECTED + ", each once"));
            }
        }
        return shadows.isEmpty() || audit != Audit.OFF
                ? Optional.empty()
                : Optional.of(new Invalid(
                        "audit",
                        "off beside " + shadows.size() + " shadows",
                        "durable or async, as shadows are only of use where they are recorded; or no shadows"));
    }
}

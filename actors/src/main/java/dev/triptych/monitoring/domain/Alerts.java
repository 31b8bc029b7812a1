package dev.triptych.monitoring.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Micros;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Every open alert, and the last that were cleared.
 *
 * @param all oldest first
 */
public record Alerts(List<Alert> all) implements CborSerializable {

    /** So many cleared ones are kept, of all systems together. */
    static final int CLEARED_MAX = 500;

    public static final Alerts EMPTY = new Alerts(List.of());

    public Alerts {
        all = List.copyOf(all);
    }

    /**
     * What of one kind was read of one source, completely: what is open and not among the readings is no longer watched.
     *
     * @param source as in {@link Subject}
     */
    public record Look(String system, AlertKind kind, String source, List<Reading> readings) {
        public Look {
            readings = List.copyOf(readings);
        }

        boolean isOf(Subject subject) {
            return subject.system().equals(system)
                    && subject.kind() == kind
                    && subject.source().equals(source);
        }
    }

    /** The alerts that a look raises and clears. */
    public List<AlertEvent> decide(Look look, long nowMicros) {
        var events = new ArrayList<AlertEvent>();
        for (Reading reading : look.readings()) {
            Optional<Alert> open = open(reading.subject());
            switch (reading.state()) {
                case EXCEEDED -> {
                    if (open.isEmpty()) {
                        events.add(new AlertEvent.AlertRaised(id(reading.subject(), nowMicros), reading, nowMicros));
                    }
                }
                case FINE ->
                    open.ifPresent(alert -> events.add(
                            new AlertEvent.AlertCleared(alert.id(), Optional.of(reading.value()), nowMicros)));
                case UNDECIDED -> {}
            }
        }
        open().filter(alert -> look.isOf(alert.subject()))
                .filter(alert -> look.readings().stream()
                        .noneMatch(reading -> reading.subject().equals(alert.subject())))
                .forEach(alert -> events.add(new AlertEvent.AlertCleared(alert.id(), Optional.empty(), nowMicros)));
        return events;
    }

    /** Names hold no slash, so no two subjects share an id. */
    private static String id(Subject subject, long nowMicros) {
        return String.join(
                "/",
                subject.system(),
                subject.kind().name().toLowerCase(java.util.Locale.ROOT),
                subject.source(),
                subject.measure(),
                Micros.toInstant(nowMicros).toString());
    }

    /**
     * The open drift of a deployment that no training run was started for yet. There is none within a pause after the
     * last run that a drift of it started, so that a measure that wavers does not train for ever.
     */
    public Optional<Alert> untrained(String system, String deployment, long pauseMicros, long nowMicros) {
        boolean pausing = ofDrift(system, deployment)
                .flatMap(alert -> alert.training().stream())
                .anyMatch(training -> training.atMicros() > nowMicros - pauseMicros);
        return pausing
                ? Optional.empty()
                : ofDrift(system, deployment)
                        .filter(Alert::open)
                        .filter(alert -> alert.training().isEmpty())
                        .findFirst();
    }

    /** Alerts raised since then, whose webhook has not been told of their beginning or end yet. */
    public Stream<Alert> untold(long sinceMicros) {
        return all.stream()
                .filter(alert -> alert.raisedMicros() >= sinceMicros)
                .filter(alert -> alert.notifiedRaised().isEmpty()
                        || (!alert.open() && alert.notifiedCleared().isEmpty()));
    }

    public Stream<Alert> open() {
        return all.stream().filter(Alert::open);
    }

    private Optional<Alert> open(Subject subject) {
        return open().filter(alert -> alert.subject().equals(subject)).findFirst();
    }

    private Stream<Alert> ofDrift(String system, String deployment) {
        return all.stream()
                .filter(alert -> alert.subject().kind() == AlertKind.DRIFT
                        && alert.subject().system().equals(system)
                        && alert.subject().source().equals(deployment));
    }

    /** Total over every event ever written. */
    public Alerts apply(AlertEvent event) {
        return switch (event) {
            case AlertEvent.AlertRaised raised -> {
                Subject subject = raised.reading().subject();
                // It joins a drift that is trained for already.
                Optional<Alert.Training> training = subject.kind() != AlertKind.DRIFT
                        ? Optional.empty()
                        : ofDrift(subject.system(), subject.source())
                                .filter(Alert::open)
                                .flatMap(alert -> alert.training().stream())
                                .findFirst();
                var more = new ArrayList<>(all);
                more.add(Alert.raised(raised, training));
                yield new Alerts(bounded(more));
            }
            case AlertEvent.AlertCleared(var id, var value, long atMicros) ->
                changed(id, alert -> alert.cleared(new Alert.Cleared(atMicros, value)));
            case AlertEvent.AlertNotified(var id, boolean ofItsEnd, int attempts, var failure, long atMicros) ->
                changed(id, alert -> alert.notified(ofItsEnd, new Alert.Notified(atMicros, attempts, failure)));
            case AlertEvent.TrainingStarted started -> trained(started);
        };
    }

    private Alerts trained(AlertEvent.TrainingStarted started) {
        Optional<Alert> because =
                all.stream().filter(alert -> alert.id().equals(started.id())).findFirst();
        var training = new Alert.Training(started.runId(), started.atMicros());
        return because.map(first -> new Alerts(all.stream()
                        .map(alert -> alert.id().equals(first.id())
                                        || (alert.open()
                                                && alert.subject().kind() == AlertKind.DRIFT
                                                && alert.subject()
                                                        .system()
                                                        .equals(first.subject().system())
                                                && alert.subject()
                                                        .source()
                                                        .equals(first.subject().source()))
                                ? alert.training(training)
                                : alert)
                        .toList()))
                .orElse(this);
    }

    private Alerts changed(String id, UnaryOperator<Alert> change) {
        return new Alerts(all.stream()
                .map(alert -> alert.id().equals(id) ? change.apply(alert) : alert)
                .toList());
    }

    private static List<Alert> bounded(List<Alert> alerts) {
        long surplus = alerts.stream().filter(alert -> !alert.open()).count() - CLEARED_MAX;
        if (surplus <= 0) {
            return alerts;
        }
        var kept = new ArrayList<Alert>();
        for (Alert alert : alerts) {
            if (alert.open() || surplus-- <= 0) {
                kept.add(alert);
            }
        }
        return kept;
    }
}

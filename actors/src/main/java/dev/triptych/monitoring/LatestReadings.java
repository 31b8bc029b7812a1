package dev.triptych.monitoring;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import dev.triptych.monitoring.domain.Alerts.Look;
import dev.triptych.monitoring.domain.Reading;
import java.util.List;

/** What the last look found, on the node that looks; nothing on the others. Thread-safe. */
public final class LatestReadings implements Extension {

    private static final ExtensionId<LatestReadings> ID = new ExtensionId<>() {
        @Override
        public LatestReadings createExtension(ActorSystem<?> system) {
            return new LatestReadings();
        }
    };

    private volatile List<Reading> readings = List.of();

    private LatestReadings() {}

    public static LatestReadings get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    public List<Reading> all() {
        return readings;
    }

    void show(List<Look> looks) {
        readings = looks.stream().flatMap(look -> look.readings().stream()).toList();
    }
}

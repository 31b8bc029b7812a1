package dev.triptych.inference;

import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import dev.triptych.store.features.domain.FeatureEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The keys that have a row of a view at an instant. */
final class VisibleKeys implements RunKeys {

    private final OfflineStore.Histories histories;

    /** The last event time that is visible. */
    private final long lastMicros;

    private VisibleKeys(OfflineStore.Histories histories, long lastMicros) {
        this.histories = histories;
        this.lastMicros = lastMicros;
    }

    static VisibleKeys open(
            OfflineStore offline, String system, ViewDefinition view, Horizon horizon, long asOfMicros) {
        return new VisibleKeys(
                offline.histories(system, view.entity(), List.of(view.name()), horizon),
                view.boundary().last(asOfMicros));
    }

    @Override
    public Optional<Chunk> next(int keysMax) {
        var keys = new ArrayList<String>();
        int unseen = 0;
        while (keys.size() < keysMax && histories.hasNext()) {
            KeyHistory history = histories.next();
            if (history.events().stream().anyMatch(this::isVisible)) {
                keys.add(history.key());
            } else {
                unseen++;
            }
        }
        return keys.isEmpty() && unseen == 0 ? Optional.empty() : Optional.of(new Chunk(keys, unseen));
    }

    private boolean isVisible(FeatureEvent event) {
        return switch (event) {
            case FeatureEvent.RowsWritten written ->
                written.rows().stream().anyMatch(row -> row.eventMicros() <= lastMicros);
            case FeatureEvent.Erased erased -> false;
        };
    }

    @Override
    public void close() {
        histories.close();
    }
}

package dev.triptych.inference;

import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.domain.KeyAsOf;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Every key of an entity that has a row at an instant, with its features then, by the one fold. */
final class FoldedKeys implements SelectedKeys.KeysAsOf {

    private final OfflineStore.Histories histories;
    private final List<ViewDefinition> views;
    private final List<List<FeatureRead>> reads;
    private final long asOfMicros;
    private @Nullable KeyAsOf next;

    private FoldedKeys(OfflineStore.Histories histories, List<ViewDefinition> views, long asOfMicros) {
        this.histories = histories;
        this.views = views;
        this.reads = views.stream().map(ViewDefinition::reads).toList();
        this.asOfMicros = asOfMicros;
        this.next = advance();
    }

    /** @param views of the entity */
    static FoldedKeys open(
            OfflineStore offline,
            String system,
            String entity,
            List<ViewDefinition> views,
            Horizon horizon,
            long asOfMicros) {
        List<String> names = views.stream().map(ViewDefinition::name).toList();
        return new FoldedKeys(offline.histories(system, entity, names, horizon), views, asOfMicros);
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public KeyAsOf next() {
        KeyAsOf current = next;
        if (current == null) {
            throw new NoSuchElementException("no more keys");
        }
        next = advance();
        return current;
    }

    private @Nullable KeyAsOf advance() {
        while (histories.hasNext()) {
            OfflineStore.KeyHistory history = histories.next();
            FeatureState state = FeatureState.ofAll(history.events());
            var key = new KeyAsOf(
                    history.key(),
                    IntStream.range(0, views.size())
                            .mapToObj(view -> row(state, view))
                            .toList());
            if (key.rows().stream().anyMatch(Optional::isPresent)) {
                return key;
            }
        }
        return null;
    }

    private Optional<KeyAsOf.Row> row(FeatureState state, int view) {
        long last = views.get(view).boundary().last(asOfMicros);
        List<FeatureRow> rows = state.rows(views.get(view).name());
        for (FeatureRow row : rows.reversed()) {
            if (row.eventMicros() <= last) {
                return Optional.of(new KeyAsOf.Row(
                        row.eventMicros(),
                        state.read(reads.get(view), asOfMicros).inputs()));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        histories.close();
    }
}

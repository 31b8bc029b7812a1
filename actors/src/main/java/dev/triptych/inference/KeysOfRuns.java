package dev.triptych.inference;

import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.inference.domain.BatchRun;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import java.util.List;

/** Finds the keys that batch runs go over. Blocks. */
final class KeysOfRuns {

    private final OfflineStore offline;
    private final SelectedKeys selected;

    KeysOfRuns(OfflineStore offline, SelectedKeys selected) {
        this.offline = offline;
        this.selected = selected;
    }

    /** @throws UnpredictableException if the selection is at fault */
    RunKeys open(SystemDefinition declared, BatchRun run, KeySelection keys, Horizon horizon, long asOfMicros) {
        return switch (keys) {
            case KeySelection.OfView(String name) ->
                VisibleKeys.open(
                        offline,
                        declared.name(),
                        declared.view(name).orElseThrow(() -> UnpredictableException.missing("view", name)),
                        horizon,
                        asOfMicros);
            case KeySelection.Query query -> selected(declared, run, query, query.entity(), horizon, asOfMicros);
            case KeySelection.Listed listed -> selected(declared, run, listed, listed.entity(), horizon, asOfMicros);
        };
    }

    private RunKeys selected(
            SystemDefinition declared,
            BatchRun run,
            KeySelection keys,
            String entity,
            Horizon horizon,
            long asOfMicros) {
        List<ViewDefinition> views = declared.viewsOf(entity);
        String keyColumn = declared.entity(entity)
                .orElseThrow(() -> UnpredictableException.missing("entity", entity))
                .key();
        try {
            return new KeptKeys(selected.of(
                    run,
                    keys,
                    new SelectedKeys.Choice(keyColumn, views, asOfMicros),
                    () -> FoldedKeys.open(offline, declared.name(), entity, views, horizon, asOfMicros)));
        } catch (SelectedKeys.UnselectableException e) {
            throw new UnpredictableException(String.valueOf(e.getMessage()));
        }
    }
}

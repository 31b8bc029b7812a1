package dev.triptych.inference;

import dev.triptych.inference.SelectedKeys.SelectedKey;
import java.util.ArrayList;
import java.util.Optional;

/** The keys that were chosen for a run. */
final class KeptKeys implements RunKeys {

    private final SelectedKeys.Selected selected;

    KeptKeys(SelectedKeys.Selected selected) {
        this.selected = selected;
    }

    @Override
    public Optional<Chunk> next(int keysMax) {
        var keys = new ArrayList<String>();
        int unseen = 0;
        while (keys.size() < keysMax && selected.hasNext()) {
            SelectedKey key = selected.next();
            if (key.visible()) {
                keys.add(key.key());
            } else {
                unseen++;
            }
        }
        return keys.isEmpty() && unseen == 0 ? Optional.empty() : Optional.of(new Chunk(keys, unseen));
    }

    @Override
    public void close() {
        selected.close();
    }
}

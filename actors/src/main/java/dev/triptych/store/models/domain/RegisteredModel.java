package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.List;
import java.util.Map;

/**
 * One model as the registry knows it.
 *
 * @param model {@code system/model}
 * @param versions by number, from 1
 * @param aliases version numbers by alias
 * @param moves every move of an alias, oldest first
 */
public record RegisteredModel(
        String model, List<ModelVersion> versions, Map<String, Integer> aliases, List<RegistryEvent.AliasMoved> moves)
        implements CborSerializable {
    public RegisteredModel {
        versions = List.copyOf(versions);
        aliases = Map.copyOf(aliases);
        moves = List.copyOf(moves);
    }
}

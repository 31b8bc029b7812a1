package dev.triptych.definition;

import dev.triptych.definition.domain.SystemDefinition;
import java.util.List;
import java.util.Optional;

/**
 * What reading a system's folder gave.
 *
 * @param system empty if there are mistakes
 * @param mistakes all of them, in the order of the file
 */
public record Parsed(Optional<SystemDefinition> system, List<Mistake> mistakes) {
    public Parsed {
        mistakes = List.copyOf(mistakes);
    }
}

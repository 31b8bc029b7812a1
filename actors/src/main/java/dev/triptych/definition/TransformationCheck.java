package dev.triptych.definition;

import dev.triptych.definition.domain.SystemDefinition;
import java.util.List;

/** Checks what only running can tell: the SQL against its source's columns and its view's types, and generators' classes. */
public interface TransformationCheck {

    /** All mistakes at once; blocks for a second or so. */
    List<Mistake> check(SystemDefinition system);
}

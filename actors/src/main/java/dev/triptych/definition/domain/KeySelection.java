package dev.triptych.definition.domain;

import java.nio.file.Path;

/** Whose predictions a batch run makes. A key without a row at the run's instant is left out, whoever names it. */
public sealed interface KeySelection {

    /** Every key with a row of the view. */
    record OfView(String view) implements KeySelection {}

    /**
     * The keys that SQL selects from the features of all keys, as they are at the run's instant.
     *
     * @param entity whose views the SQL sees
     * @param file the SQL's, absolute
     * @param sql what the file holds
     */
    record Query(String entity, Path file, String sql) implements KeySelection {}

    /**
     * The keys that a file holds, in the column named as the entity's key.
     *
     * @param file absolute
     */
    record Listed(String entity, Path file, SourceDefinition.Format format) implements KeySelection {}
}

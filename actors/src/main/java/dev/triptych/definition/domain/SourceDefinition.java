package dev.triptych.definition.domain;

import dev.triptych.store.features.domain.FeatureType;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where raw rows come from; the transformations see them as the table {@code source}. */
public sealed interface SourceDefinition {

    /**
     * Files of one format.
     *
     * @param files absolute
     * @param columns the columns that must be there, with the types they must have, in the order declared
     * @param zone the zone of timestamps that name none; empty if every timestamp must name its own
     */
    record Files(Format format, List<Path> files, Map<String, FeatureType> columns, Optional<ZoneId> zone)
            implements SourceDefinition {
        public Files {
            files = List.copyOf(files);
            columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }
    }

    /**
     * A generator: a class that implements {@code dev.triptych.feature.Generator}.
     *
     * @param className fully qualified, with a public constructor without parameters
     * @param options passed to it as they are
     */
    record Generated(String className, Map<String, String> options) implements SourceDefinition {
        public Generated {
            options = Map.copyOf(options);
        }
    }

    enum Format {
        CSV,
        PARQUET,
        JSON
    }
}

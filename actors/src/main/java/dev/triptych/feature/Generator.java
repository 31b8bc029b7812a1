package dev.triptych.feature;

import dev.triptych.store.features.domain.FeatureType;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source of raw rows written in Java. Implement it, put the class on {@code TRIPTYCH_CLASSPATH}, and name it in a
 * feature pipeline's source. Needs a public constructor without parameters.
 *
 * <p>A generator must be a function of its request: a run that is repeated after a crash asks again with the same
 * request, and must be given the same rows.
 */
public interface Generator {

    /** Called once a run, on a thread that may block. */
    Batch generate(Request request);

    /**
     * @param cursor what the last completed run's batch left as {@link Batch#cursor}; empty at the first run
     * @param now the time the run stands for
     * @param options from the definition, overlaid with the run's own
     * @param folder the system's folder, for files of its own
     */
    record Request(Optional<String> cursor, Instant now, Map<String, String> options, java.nio.file.Path folder) {}

    /**
     * @param columns name and type of each column, in order
     * @param rows one object a column: Boolean, Long, Double, String, Instant or null
     * @param cursor where to go on next time
     */
    record Batch(LinkedHashMap<String, FeatureType> columns, Iterator<List<@Nullable Object>> rows, String cursor) {}
}

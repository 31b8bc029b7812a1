package dev.triptych.store.features.domain;

import java.util.Optional;

/**
 * The write ids of pipeline runs, {@code run:view:part}: the same run writes the same rows under the same id, and a row
 * tells which run wrote it.
 */
public final class RunWriteId {

    private RunWriteId() {}

    /** @param part which of a key's writes of the run it is */
    public static String of(String runId, String view, int part) {
        return runId + ":" + view + ":" + part;
    }

    /** The run that wrote rows of a view; empty where a client did. */
    public static Optional<String> run(String view, Optional<String> writeId) {
        return writeId.flatMap(id -> {
            int part = id.lastIndexOf(':');
            String before = ":" + view;
            return part > 0 && isNumber(id.substring(part + 1)) && id.startsWith(before, part - before.length())
                    ? Optional.of(id.substring(0, part - before.length())).filter(run -> !run.isEmpty())
                    : Optional.empty();
        });
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(character -> character >= '0' && character <= '9');
    }
}

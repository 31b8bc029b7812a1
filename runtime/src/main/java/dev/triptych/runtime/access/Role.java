package dev.triptych.runtime.access;

import dev.triptych.runtime.StartFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the holder of a token may do. Each may read; an admin may do everything. */
public enum Role {
    /** Look at everything, predict, replay. */
    READER,
    /** Write features. */
    WRITER,
    /** Run and cancel pipelines. */
    TRAINER,
    /** Move aliases, change deployments, erase. */
    ADMIN;

    /**
     * The role of a label in a configuration.
     *
     * @param path of the setting
     * @throws StartFailure if there is none
     */
    static Role of(String path, String label) {
        return Arrays.stream(values())
                .filter(role -> role.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new StartFailure(path + ": " + label + " (expected: one of " + labels() + ")"));
    }

    static String labels() {
        return Arrays.stream(values()).map(Role::label).collect(Collectors.joining(", "));
    }

    /** As it is written in a configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.triptych.runtime.access;

import java.util.Locale;

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

    /** As it is written in a configuration. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.triptych.monitoring;

import java.time.Duration;
import java.util.Optional;

/**
 * How new a view's newest row is.
 *
 * @param newest empty for a view without rows
 * @param age of the newest row by its event time; zero for a row that is still to come
 * @param oldest that it may be; empty where nothing says so
 */
public record FreshnessReport(
        String view,
        String entity,
        Optional<NewestRows.Newest> newest,
        Optional<Duration> age,
        Optional<Duration> oldest) {

    public boolean stale() {
        return age.isPresent() && oldest.isPresent() && age.get().compareTo(oldest.get()) > 0;
    }
}

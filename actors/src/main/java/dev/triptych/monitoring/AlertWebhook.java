package dev.triptych.monitoring;

import dev.triptych.monitoring.domain.Alert;
import java.util.concurrent.CompletionStage;

/** Tells somebody outside of an alert. Answers on any thread, within seconds. */
public interface AlertWebhook {

    /**
     * Sends it once.
     *
     * @param ofItsEnd that it was cleared is told; otherwise that it was raised
     * @return fails with a sentence where nobody took it
     */
    CompletionStage<Void> send(String url, Alert alert, boolean ofItsEnd);
}

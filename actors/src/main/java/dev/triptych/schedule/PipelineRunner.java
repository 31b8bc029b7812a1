package dev.triptych.schedule;

import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.schedule.domain.RunRequest;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Runs pipelines of one kind; each of the three pipelines has one. */
public interface PipelineRunner {

    /**
     * Runs once, without blocking the caller. At-least-once: the same run id can come again after a crash, and must
     * then end as if it had run once. Never fails the stage for bad input: that is {@link RunOutcome.Failed}.
     *
     * @param progress told from any thread, as often as is convenient
     */
    CompletionStage<RunOutcome> run(RunRequest request, Consumer<RunProgress> progress);

    /**
     * Asks a run to stop; its outcome tells whether it did. A kind whose runs cannot be stopped lets them end.
     *
     * @param by who asks
     */
    default void cancel(RunRequest request, String by) {}
}

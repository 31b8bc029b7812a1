package dev.triptych.runtime.cli;

import dev.triptych.v1.PipelineRun;
import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows how far long work is: a bar on a terminal, a plain line for every new phase elsewhere. */
interface Progress extends AutoCloseable {

    /** @param total 0 where it is not known */
    void show(String phase, long done, long total);

    /** How far a run is; nothing before it has told, and nothing after its end. */
    default void show(PipelineRun run) {
        if (!run.getPhase().isEmpty()) {
            show(run.getPipeline() + ": " + run.getPhase(), run.getDone(), run.getTotal());
        }
    }

    @Override
    void close();

    /** The launcher knows whether standard error is a terminal, which a JVM cannot tell on every release. */
    static Progress on(PrintWriter err) {
        return Boolean.getBoolean("triptych.terminal") ? new Bar() : new Lines(err);
    }

    final class Lines implements Progress {
        private final PrintWriter err;
        private String phase = "";

        Lines(PrintWriter err) {
            this.err = err;
        }

        @Override
        public void show(String phase, long done, long total) {
            if (!phase.equals(this.phase)) {
                this.phase = phase;
                err.println(phase);
                err.flush();
            }
        }

        @Override
        public void close() {}
    }

    final class Bar implements Progress {
        private @Nullable ProgressBar bar;
        private String phase = "";

        @Override
        public void show(String phase, long done, long total) {
            ProgressBar current = bar;
            if (current == null || !phase.equals(this.phase)) {
                close();
                this.phase = phase;
                current = new ProgressBarBuilder()
                        .setTaskName(phase)
                        .setInitialMax(total > 0 ? total : -1)
                        .setUpdateIntervalMillis(100)
                        .clearDisplayOnFinish()
                        .build();
                bar = current;
            }
            if (total > 0) {
                current.maxHint(total);
            }
            current.stepTo(done);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        }
    }
}

package dev.triptych.runtime.cli;

import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.WatchRunRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine;

/** Shows a run: its progress while it goes on, and how it ended. */
final class RunView {

    private static final int REJECTIONS_SHOWN_MAX = 20;

    private final CommandLine commandLine;
    private final Output output;
    private final boolean json;

    RunView(CommandLine commandLine, boolean json) {
        this.commandLine = commandLine;
        this.output = new Output(commandLine.getOut());
        this.json = json;
    }

    /** Follows the run to its end and shows it. */
    int follow(NodeClient client, PipelineRun started) {
        PipelineRun last = started;
        try (var progress = Progress.on(commandLine.getErr())) {
            Iterator<PipelineRun> runs = client.watching()
                    .watchRun(WatchRunRequest.newBuilder()
                            .setRunId(started.getRunId())
                            .build());
            while (runs.hasNext()) {
                last = runs.next();
                progress.show(last);
            }
        }
        return show(last);
    }

    int show(PipelineRun run) {
        if (json) {
            output.json(run);
        } else {
            output.line(headline(run));
            var told = new LinkedHashMap<String, String>();
            new TreeMap<>(run.getCountsMap())
                    .forEach((name, count) -> told.put(name, String.format(Locale.ROOT, "%,d", count)));
            told.putAll(new TreeMap<>(run.getNotesMap()));
            int width = told.keySet().stream().mapToInt(String::length).max().orElse(0);
            told.forEach((name, value) -> output.line("  " + name + " ".repeat(width - name.length()) + "  " + value));
            run.getRejectionsList().stream()
                    .limit(REJECTIONS_SHOWN_MAX)
                    .forEach(rejection -> output.line("  rejected: " + rejection));
        }
        return switch (run.getState()) {
            case RUNNING, COMPLETED -> ExitCode.OK;
            case FAILED, CANCELLED, STATE_UNSPECIFIED, UNRECOGNIZED -> ExitCode.FAILED;
        };
    }

    static String headline(PipelineRun run) {
        String what = run.getSystem() + " " + run.getKind().name().toLowerCase(Locale.ROOT) + " " + run.getPipeline()
                + " " + run.getRunId() + ": ";
        return what
                + switch (run.getState()) {
                    case RUNNING -> "running";
                    case COMPLETED -> "completed in " + seconds(run);
                    case FAILED -> "failed after " + seconds(run) + ": " + run.getReason();
                    case CANCELLED -> run.getReason();
                    case STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
                };
    }

    static String seconds(PipelineRun run) {
        if (!run.hasEnded()) {
            return "-";
        }
        Duration took = Duration.between(
                Instant.ofEpochSecond(
                        run.getStarted().getSeconds(), run.getStarted().getNanos()),
                Instant.ofEpochSecond(
                        run.getEnded().getSeconds(), run.getEnded().getNanos()));
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}

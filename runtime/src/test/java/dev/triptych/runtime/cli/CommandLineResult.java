package dev.triptych.runtime.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What a command printed, and its exit code. */
public record CommandLineResult(int exitCode, String out, String err) {

    /** Runs a command in this process. */
    public static CommandLineResult of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Triptych.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new CommandLineResult(exitCode, out.toString(), err.toString());
    }
}

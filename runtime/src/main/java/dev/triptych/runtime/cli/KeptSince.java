package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import picocli.CommandLine.Model.CommandSpec;

/** Says that older predictions are not among those shown: to people, and beside the answer of a script. */
final class KeptSince {

    private KeptSince() {}

    static void tell(CommandSpec spec, boolean lacking, Timestamp since) {
        if (lacking) {
            spec.commandLine()
                    .getErr()
                    .println("Predictions made before " + Output.time(true, since) + " are not among these: they have"
                            + " left the table (triptych.predictions.retention) and are in the journal alone.");
        }
    }
}

package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.CompareProgress;
import dev.triptych.v1.CompareRequest;
import dev.triptych.v1.Comparison;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Computes recorded predictions again from the journal and compares the bits; exits with 1 if any"
                        + " differs; what was erased is counted apart. With --against, shows what another version would have answered.")
final class ReplayCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Mixin
    NodeOptions node = new NodeOptions();

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "one prediction; all that the options name, if left out")
    String id = "";

    @Option(names = "--system", defaultValue = "")
    String system = "";

    @Option(names = "--deployment", defaultValue = "")
    String deployment = "";

    @Option(names = "--from", converter = Arguments.Time.class, description = "inclusive")
    @Nullable
    Timestamp since;

    @Option(names = "--to", converter = Arguments.Time.class, description = "exclusive")
    @Nullable
    Timestamp until;

    @Option(
            names = "--against",
            paramLabel = "VERSION",
            description =
                    "compare with what this version answers; needs --system, and --deployment where there are several")
    @Nullable
    Integer against;

    @Override
    public Integer call() {
        return against == null ? replay() : compare(against);
    }

    private int compare(int version) {
        if (!id.isEmpty() || system.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--against compares a deployment's predictions: name it with --system");
        }
        var request = CompareRequest.newBuilder()
                .setSystem(system)
                .setDeployment(deployment)
                .setVersion(version);
        if (since != null) {
            request.setSince(since);
        }
        if (until != null) {
            request.setUntil(until);
        }
        var output = new Output(spec.commandLine().getOut());
        var comparison = Comparison.getDefaultInstance();
        try (NodeClient client = node.connect();
                var progress = Progress.on(spec.commandLine().getErr())) {
            Iterator<CompareProgress> steps = client.audit().compare(request.build());
            while (steps.hasNext()) {
                CompareProgress step = steps.next();
                comparison = step.getResult();
                progress.show("comparing", step.getDone(), 0);
            }
        }
        if (node.json) {
            output.json(comparison);
        } else {
            show(output, comparison, version);
        }
        KeptSince.tell(spec, comparison.hasKeptSince(), comparison.getKeptSince());
        return ExitCode.OK;
    }

    private static void show(Output output, Comparison comparison, int version) {
        output.line(comparison.getCompared() + " compared, " + comparison.getChanged() + " would be answered otherwise"
                + (comparison.getErased() == 0 ? "" : "; " + comparison.getErased() + " were erased"));
        output.line("difference of scores: mean " + Output.number(comparison.getMeanDifference()) + ", largest "
                + Output.number(comparison.getMaxDifference()));
        output.line(comparison.getOutcomes() + " outcomes have arrived since");
        if (comparison.getOutcomes() > 0) {
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("METRIC", "RECORDED", "VERSION " + version));
            new TreeMap<>(comparison.getRecordedMap())
                    .forEach((metric, value) -> rows.add(
                            List.of(metric, Output.number(value), Output.number(comparison.getOtherOrThrow(metric)))));
            output.table(rows);
        }
    }

    private int replay() {
        var request = ReplayRequest.newBuilder().setId(id).setSystem(system).setDeployment(deployment);
        if (since != null) {
            request.setSince(since);
        }
        if (until != null) {
            request.setUntil(until);
        }
        var replayed = new Replayed(new Output(spec.commandLine().getOut()));
        try (NodeClient client = node.connect();
                var progress = Progress.on(spec.commandLine().getErr())) {
            client.replay(request.build(), result -> progress.show("replaying", replayed.tell(result), 0));
        }
        return replayed.sum();
    }

    /** Tells of each result as it comes, and of all of them at the end. */
    private final class Replayed {
        private final Output output;
        private ReplayResult first = ReplayResult.getDefaultInstance();
        private long count;
        private long identical;
        private long erased;

        Replayed(Output output) {
            this.output = output;
        }

        /** @return how many there were */
        long tell(ReplayResult result) {
            first = count++ == 0 ? result : first;
            identical += result.getIdentical() ? 1 : 0;
            erased += result.getErased() ? 1 : 0;
            if (node.json) {
                output.json(result);
            } else if (!result.getIdentical() && !result.getErased()) {
                output.line(difference(result));
            }
            return count;
        }

        int sum() {
            if (!node.json) {
                output.line(count + " replayed, " + identical + " identical"
                        + (erased == 0 ? "" : ", " + erased + " erased"));
            }
            KeptSince.tell(spec, first.hasKeptSince(), first.getKeptSince());
            return identical + erased == count ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private static String difference(ReplayResult result) {
        return result.getId()
                + (result.getProblem().isEmpty()
                        ? " differs: recorded " + result.getRecordedList() + ", replayed " + result.getReplayedList()
                        : " could not be replayed: " + result.getProblem());
    }
}

package dev.triptych.runtime.cli;

import dev.triptych.v1.Happening;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.RowsArrived;
import dev.triptych.v1.Seal;
import dev.triptych.v1.ShowEntityRequest;
import dev.triptych.v1.Verification;
import dev.triptych.v1.VerifyProgress;
import dev.triptych.v1.VerifyRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "audit", mixinStandardHelpOptions = true, description = "What the journal proves.")
final class AuditCommand {

    @Spec
    CommandSpec spec;

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Computes the chain of seals over the whole journal again; exits with 1 and names the first"
                    + " range that was changed, removed or slipped in.")
    int verify(
            @Mixin NodeOptions node,
            @Option(
                            names = "--seal",
                            paramLabel = "NUMBER:HASH",
                            converter = Arguments.NotedSeal.class,
                            description = "a seal noted earlier, which must still be the same")
                    @Nullable
                    Seal noted) {
        var request = VerifyRequest.newBuilder();
        if (noted != null) {
            request.setNoted(noted);
        }
        var output = new Output(spec.commandLine().getOut());
        var verification = Verification.getDefaultInstance();
        try (NodeClient client = node.connect();
                var progress = Progress.on(spec.commandLine().getErr())) {
            Iterator<VerifyProgress> steps = client.audit().verify(request.build());
            while (steps.hasNext()) {
                VerifyProgress step = steps.next();
                progress.show("verifying", step.getDone(), step.getTotal());
                verification = step.getResult();
            }
        }
        if (node.json) {
            output.json(verification);
        } else {
            output.line(sentence(verification));
        }
        return verification.getIntact() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static String sentence(Verification verification) {
        if (!verification.getIntact()) {
            return "seal " + verification.getBrokenSeal() + " is broken, entries " + verification.getFirstEntry()
                    + " to " + verification.getLastEntry() + " of the journal: " + verification.getProblem();
        }
        String unsealed = verification.getUnsealed() == 0 ? "" : ", " + verification.getUnsealed() + " not sealed yet";
        String erased = verification.getErased() == 0 ? "" : ", " + verification.getErased() + " of them erased";
        Seal last = verification.getLast();
        return verification.hasLast()
                ? "the journal is intact: " + verification.getSealed() + " entries under " + last.getNumber() + " seals"
                        + erased + unsealed + "\nlast seal " + last.getNumber() + ":" + last.getHash()
                : "the journal is empty" + unsealed;
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Everything that ever happened to one entity, in order.")
    int show(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "ENTITY") String entity,
            @Parameters(paramLabel = "KEY") String key) {
        var output = new Output(spec.commandLine().getOut());
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("KNOWN AT", "WHAT", "OF", "BY", "VALUES"));
        try (NodeClient client = node.connect()) {
            Iterator<Happening> story = client.audit()
                    .show(ShowEntityRequest.newBuilder()
                            .setSystem(system)
                            .setEntity(entity)
                            .setKey(key)
                            .build());
            while (story.hasNext()) {
                Happening happening = story.next();
                if (node.json) {
                    output.json(happening);
                } else {
                    rows.addAll(lines(happening));
                }
            }
        }
        if (!node.json) {
            output.table(rows);
        }
        return ExitCode.OK;
    }

    private static List<List<String>> lines(Happening happening) {
        String at = Output.time(true, happening.getAt());
        return switch (happening.getKindCase()) {
            case ROWS -> {
                RowsArrived rows = happening.getRows();
                if (rows.getErased()) {
                    yield List.of(List.of(at, "rows, erased", "", "", ""));
                }
                yield rows.getRowsList().stream()
                        .map(row -> List.of(
                                at,
                                "row of " + rows.getView(),
                                Output.time(true, row.getEventTime()),
                                by(rows.getRunId(), rows.getWriteId()),
                                Output.values(row)))
                        .toList();
            }
            case PREDICTIONS_LEFT ->
                List.of(List.of(at, "predictions before", "", "", "have left the table, and are in the journal alone"));
            case PREDICTION -> List.of(prediction(at, happening.getPrediction()));
            case ERASURE ->
                List.of(List.of(
                        at,
                        "erasure",
                        "",
                        happening.getErasure().getBy(),
                        happening.getErasure().getReason()));
            case KIND_NOT_SET -> List.of();
        };
    }

    /** A run, or a client: clients have no names here, but may have given the write an id. */
    private static String by(String runId, String writeId) {
        return runId.isEmpty() ? writeId.isEmpty() ? "client" : "client, write " + writeId : "run " + runId;
    }

    private static List<String> prediction(String at, Prediction prediction) {
        return List.of(
                at,
                "prediction of " + prediction.getDeployment(),
                Output.time(true, prediction.getAsOf()),
                by(prediction.getRunId(), ""),
                prediction.getOutput() + " by version " + prediction.getVersion() + ", " + prediction.getId());
    }
}

package dev.triptych.bench.chaos;

import dev.triptych.v1.Instance;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.RunPipelineRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Does bad things to clusters of real processes, and counts what clients lost by it: {@code chaos [SCENARIO…]}, all of them
 * where none is named. Each has a cluster and a database of its own. Needs Linux; exits with 1 where anything is missed.
 */
public final class Chaos {

    private static final Duration WARM = Duration.ofSeconds(1);
    private static final Duration CALM = Duration.ofSeconds(5);

    private Chaos() {}

    /** @return whether everything was met */
    public static boolean run(List<String> names) throws Exception {
        List<Scenario> chosen = Scenario.all().stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
        if (chosen.size() < names.size()) {
            System.err.println("chaos: " + String.join(", ", names) + " (expected: of "
                    + Scenario.all().stream().map(Scenario::name).collect(Collectors.joining(", ")) + ")");
            return false;
        }
        var verdicts = new ArrayList<Verdict>();
        for (Scenario scenario : chosen) {
            System.err.println(scenario.name() + ": " + scenario.what());
            Path folder = Files.createTempDirectory("triptych-chaos-");
            verdicts.add(play(scenario, folder));
            System.err.println(Verdict.heading() + "\n" + verdicts.getLast().row());
            if (verdicts.getLast().met()) {
                delete(folder);
            } else {
                System.err.println("  what the nodes said is in " + folder);
            }
        }
        System.out.println(Verdict.heading());
        verdicts.forEach(verdict -> System.out.println(verdict.row()));
        return verdicts.stream().allMatch(Verdict::met);
    }

    private static Verdict play(Scenario scenario, Path folder) throws Exception {
        if (!scenario.ownNetworks()) {
            return play(scenario, folder, Optional.empty());
        }
        try (var network = new Namespaces()) {
            return play(scenario, folder, Optional.of(network));
        }
    }

    private static Verdict play(Scenario scenario, Path folder, Optional<Namespaces> network) throws Exception {
        try (Fleet fleet = Fleet.start(folder, 3, network);
                var clients = new RecordingClients(fleet::addresses)) {
            prepare(clients);
            clients.start();
            while (!clients.haveSeenEveryKeyTwice()) {
                RecordingClients.pause(WARM);
            }
            clients.forget();
            long begun = System.nanoTime();
            scenario.doing().to(fleet);
            RecordingClients.pause(CALM);
            clients.stop();
            return Verdict.of(scenario, clients, fleet.database(), begun);
        }
    }

    /** Features, a version, and every node that serves it. */
    private static void prepare(RecordingClients clients) {
        run(clients, PipelineKind.FEATURE, "features");
        run(clients, PipelineKind.TRAINING, "first");
        // Each node hears of the version on its own.
        for (int answered = 0; answered < 2 * clients.nodes(); ) {
            boolean predicted = clients.call(
                            "predict",
                            channel -> PredictionServiceGrpc.newBlockingStub(channel)
                                    .predict(PredictRequest.newBuilder()
                                            .setSystem(RecordingClients.SYSTEM)
                                            .addInstances(Instance.newBuilder().setKey("o1"))
                                            .build()))
                    .isPresent();
            answered = predicted ? answered + 1 : 0;
        }
        clients.forget();
    }

    private static void run(RecordingClients clients, PipelineKind kind, String runId) {
        clients.call(
                runId,
                (ManagedChannel channel) -> PipelineServiceGrpc.newBlockingStub(channel)
                        .run(RunPipelineRequest.newBuilder()
                                .setSystem(RecordingClients.SYSTEM)
                                .setKind(kind)
                                .setRunId(runId)
                                .build()));
        clients.finish(runId);
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}

package dev.triptych.bench.chaos;

import dev.triptych.bench.ScratchFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replaces the nodes of an earlier build one by one by nodes of this one, while clients write, read, predict and train on
 * both, and counts what they lost by it: {@code upgrade [REVISION]}, the commit before this one unless another is named.
 */
public final class Upgrade {

    private static final String COMMIT_BEFORE = "HEAD~1";

    /** As Akka's remoting says it. */
    private static final String NOT_READ = "Failed to deserialize message";

    private static final int TOLD = 5;

    private Upgrade() {}

    /** @return whether everything was met, and every node could read what those of the other build sent */
    public static boolean run(List<String> words) throws Exception {
        String revision = words.isEmpty() ? COMMIT_BEFORE : words.getFirst();
        Scenario scenario = Scenario.upgradeFrom(revision);
        System.err.println(scenario.name() + ": " + scenario.what());
        ScratchFolder folder = ScratchFolder.create("upgrade");
        boolean met;
        try (EarlierBuild before = EarlierBuild.of(revision);
                Fleet fleet = Fleet.serving(folder.path(), scenario.ground(), Fleet.anotherBuild(before.classPath()))) {
            Verdict verdict = Chaos.play(scenario, fleet);
            System.out.println(Verdict.heading());
            System.out.println(verdict.row());
            List<String> notRead = notRead(fleet.root());
            notRead.stream().limit(TOLD).forEach(line -> System.err.println("  " + line));
            System.out.println("messages that a node could not read: " + notRead.size());
            met = verdict.met() && notRead.isEmpty();
        }
        if (met) {
            folder.close();
        } else {
            System.err.println("  what the nodes said is in " + folder.path());
        }
        return met;
    }

    private static List<String> notRead(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .flatMap(Upgrade::lines)
                    .filter(line -> line.contains(NOT_READ))
                    .toList();
        }
    }

    private static Stream<String> lines(Path log) {
        try {
            return Files.readAllLines(log).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

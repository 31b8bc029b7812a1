package dev.triptych.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What an earlier commit builds, in a work tree of its own that is gone when this is closed. Needs git. */
record EarlierBuild(Path folder, String classPath) implements AutoCloseable {

    private static final Path HOME = Path.of(System.getProperty("triptych.home", "."));

    /** @param revision as git takes it */
    static EarlierBuild of(String revision) throws IOException {
        Path folder = Files.createTempDirectory("triptych-build-");
        run("git", "worktree", "add", "--quiet", "--detach", folder.toString(), revision);
        var build = new EarlierBuild(folder, "");
        try {
            run(
                    folder.resolve("mvnw").toString(),
                    "-q",
                    "-B",
                    "-f",
                    folder.resolve("pom.xml").toString(),
                    "-pl",
                    "runtime",
                    "-am",
                    "-Dmaven.test.skip=true",
                    "package");
            return new EarlierBuild(folder, classPath(folder.resolve("runtime/target")));
        } catch (IOException | RuntimeException e) {
            build.close();
            throw e;
        }
    }

    /** As the launcher has it. */
    private static String classPath(Path target) throws IOException {
        return target.resolve("classes") + ":"
                + Files.readString(target.resolve("classpath")).strip();
    }

    private static void run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(command).directory(HOME.toFile()).inheritIO().start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", List.of(command)) + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        run("git", "worktree", "remove", "--force", folder.toString());
    }
}

package dev.triptych.bench.chaos;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where nodes run, by what must be there for it. */
public enum Ground {
    /** This machine's loopback. */
    LOOPBACK(List.of(), false),
    /** The same, and one node's wall clock can be shifted. */
    OWN_CLOCK(List.of("cc"), false),
    /** The same, with the shared folder on a file system that is soon full. */
    SMALL_DISK(List.of("mount"), true),
    /** A network of its own for each node. */
    NETWORKS(List.of("ip", "tc", "iptables", "openssl"), true);

    private final List<String> commands;
    private final boolean root;

    Ground(List<String> commands, boolean root) {
        this.commands = commands;
        this.root = root;
    }

    /** What is not there, for people; empty where nothing is missing. */
    Optional<String> missing() {
        if (root && !System.getProperty("user.name").equals("root")) {
            return Optional.of("root");
        }
        return commands.stream().filter(command -> !isOnPath(command)).findFirst();
    }

    private static boolean isOnPath(String command) {
        return Stream.concat(
                        Stream.of(System.getenv("PATH").split(File.pathSeparator)), Stream.of("/usr/sbin", "/sbin"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}

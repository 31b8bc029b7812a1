package dev.triptych.runtime.duckdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/** What makes a file survive a power cut: its bytes and every name on the way to it are forced to the disk. */
final class DurableFiles {

    private DurableFiles() {}

    /** A new folder's name must be on the disk before a file in it counts. */
    static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.getParent();
        if (parent != null) {
            createFolders(parent);
        }
        Files.createDirectories(folder);
        if (parent != null) {
            syncFolder(parent);
        }
    }

    /** Gives a complete file its name; from then on it is there, whole, or what was there before is. */
    static void rename(Path half, Path target) throws IOException {
        syncFile(half);
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(Objects.requireNonNull(target.toAbsolutePath().getParent()));
    }

    static void syncFile(Path file) throws IOException {
        sync(file, StandardOpenOption.WRITE);
    }

    static void syncFolder(Path folder) throws IOException {
        sync(folder, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption mode) throws IOException {
        try (var channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }
}

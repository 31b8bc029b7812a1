package dev.triptych.runtime.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs, which the library unpacks once for all nodes of a machine. Where that is interrupted, by Ctrl-C
 * or a full disk, it trips over what it left behind at every later start; so that is cleared away before.
 */
final class UnpackedBinaries {

    /** The library makes this file last. */
    private static final String COMPLETE = ".exists";

    /** Whoever unpacks holds a lock on this file. */
    private static final String LOCK = "epg-lock";

    private UnpackedBinaries() {}

    /** Where the library unpacks, a folder {@code PG-…} for each release. */
    static Path folder() {
        return Path.of(System.getProperty(
                "ot.epg.working-dir",
                Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg").toString()));
    }

    /** Empties every release that is incomplete and that nobody unpacks now. */
    static void clearWhatWasInterrupted(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        for (Path release : list(folder)) {
            if (Files.isDirectory(release) && !Files.exists(release.resolve(COMPLETE))) {
                clearUnlocked(release);
            }
        }
    }

    private static void clearUnlocked(Path release) throws IOException {
        try (FileChannel file =
                        FileChannel.open(release.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            // Somebody may have completed it since we looked.
            if (lock != null && !Files.exists(release.resolve(COMPLETE))) {
                clear(release);
            }
        } catch (OverlappingFileLockException e) {
            // Another node of this process is unpacking.
        }
    }

    private static void clear(Path release) throws IOException {
        try (Stream<Path> all = Files.walk(release)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!each.equals(release) && !each.equals(release.resolve(LOCK))) {
                    Files.delete(each);
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }
}

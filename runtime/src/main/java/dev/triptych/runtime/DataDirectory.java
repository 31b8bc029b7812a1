package dev.triptych.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder that is one node's alone: it is locked while open. */
final class DataDirectory implements AutoCloseable {

    /** Of the folder's layout; a node refuses a later one than it knows. */
    private static final int VERSION = 1;

    /** Room for an empty database, its log and a first run; with less, it would fail in the middle of something. */
    private static final long MEBIBYTES_FREE_MIN = 256;

    private static final long MEBIBYTE = 1024 * 1024;

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder where it is missing, and locks it.
     *
     * @throws StartFailure if another node has it, a later release wrote it, or it cannot be written to
     */
    static DataDirectory open(Path root) {
        try {
            Files.createDirectories(root);
            checkSpace(root);
            FileChannel lockFile = FileChannel.open(
                    root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                lock(root, lockFile);
                checkVersion(root);
            } catch (RuntimeException | IOException e) {
                lockFile.close();
                throw e;
            }
            return new DataDirectory(root, lockFile);
        } catch (IOException e) {
            throw new StartFailure("The data directory " + root + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void checkSpace(Path root) throws IOException {
        FileStore disk = Files.getFileStore(root);
        long free = disk.getUsableSpace() / MEBIBYTE;
        // Some network file systems know no sizes.
        if (disk.getTotalSpace() > 0 && free < MEBIBYTES_FREE_MIN) {
            throw new StartFailure("The disk of the data directory " + root + " is full: " + free
                    + " MiB are left (expected: at least " + MEBIBYTES_FREE_MIN
                    + "); make room, or choose another directory with --data.");
        }
    }

    private static void lock(Path root, FileChannel lockFile) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new StartFailure("Another node" + holder(lockFile) + " uses the data directory " + root
                    + "; stop it, or choose another directory with --data.");
        }
        byte[] pid = String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        lockFile.truncate(0);
        lockFile.write(ByteBuffer.wrap(pid), 0);
        lockFile.force(true);
    }

    private static String holder(FileChannel lockFile) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        lockFile.read(pid, 0);
        String text = new String(pid.array(), 0, pid.position(), StandardCharsets.UTF_8);
        return text.isEmpty() ? "" : " (process " + text + ")";
    }

    private static void checkVersion(Path root) throws IOException {
        Path file = root.resolve("version");
        if (!Files.exists(file)) {
            Files.writeString(file, String.valueOf(VERSION));
            return;
        }
        String found = Files.readString(file).strip();
        if (!found.equals(String.valueOf(VERSION))) {
            throw new StartFailure(
                    "The data directory " + root + " has version " + found + ", and this release knows version "
                            + VERSION + "; run the release that wrote it, or a later one.");
        }
    }

    Path postgres() {
        return root.resolve("postgres");
    }

    /** For what a query cannot hold in memory. */
    Path spill() {
        return root.resolve("spill");
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new IllegalStateException("The lock of " + root + " could not be given back", e);
        }
    }
}

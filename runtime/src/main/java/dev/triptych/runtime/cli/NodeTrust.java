package dev.triptych.runtime.cli;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Whether to speak TLS to a node, and which certificates to trust then. */
final class NodeTrust {

    private static final String TLS = "TRIPTYCH_TLS";
    private static final String CA = "TRIPTYCH_TLS_CA";

    @Option(
            names = "--tls",
            defaultValue = "${env:" + TLS + ":-false}",
            description = "for a node with a certificate that this machine trusts (or TRIPTYCH_TLS=true)")
    boolean tls;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            defaultValue = "${env:" + CA + ":-}",
            description = "for a node with a certificate of this authority, a PEM file (or TRIPTYCH_TLS_CA)")
    String ca = "";

    /** For commands that talk to the node they start. */
    static NodeTrust fromEnvironment() {
        var trust = new NodeTrust();
        trust.tls = Boolean.parseBoolean(System.getenv(TLS));
        trust.ca = Objects.requireNonNullElse(System.getenv(CA), "");
        return trust;
    }

    ChannelCredentials credentials() {
        if (!ca.isEmpty()) {
            try {
                return TlsChannelCredentials.newBuilder()
                        .trustManager(new File(ca))
                        .build();
            } catch (IOException e) {
                throw new TypeConversionException("--tls-ca: " + ca + " cannot be read (expected: a PEM file)");
            }
        }
        return tls ? TlsChannelCredentials.create() : InsecureChannelCredentials.create();
    }

    /** Why a connection with a certificate, or without, came to nothing; empty if that was not why. */
    static Optional<String> sentence(Status status) {
        if (caused(status, CertificateExpiredException.class).isPresent()) {
            return Optional.of("the node's certificate has expired; it must be renewed there");
        }
        if (caused(status, CertPathBuilderException.class).isPresent()) {
            return Optional.of("the node's certificate was issued by nobody that is trusted here; name the file of who"
                    + " issued it with --tls-ca FILE");
        }
        Optional<CertificateException> wrong = caused(status, CertificateException.class);
        if (wrong.isPresent()) {
            return Optional.of("the node's certificate is not that of the node asked for: "
                    + wrong.get().getMessage() + "; name the node with --node as its certificate does");
        }
        if (caused(status, SSLException.class).isPresent()) {
            return Optional.of(
                    "what answers there speaks no TLS; leave out --tls and --tls-ca, or name another node with"
                            + " --node HOST:PORT");
        }
        if (caused(status, ClosedChannelException.class).isPresent()
                || String.valueOf(status.getDescription()).startsWith("Network closed")) {
            return Optional.of("what answers there hung up; where it speaks TLS, name the file of who issued its"
                    + " certificate with --tls-ca FILE");
        }
        return Optional.empty();
    }

    private static <T extends Throwable> Optional<T> caused(Status status, Class<T> kind) {
        return Stream.iterate(status.getCause(), Objects::nonNull, Throwable::getCause)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }
}

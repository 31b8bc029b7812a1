package dev.triptych.runtime.cli;

import java.util.Objects;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which node to talk to. */
final class NodeOptions {

    static final int PORT_DEFAULT = 7420;

    @Option(
            names = "--node",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:TRIPTYCH_NODE:-127.0.0.1:" + PORT_DEFAULT + "}",
            converter = Arguments.Address.class,
            description = "the node to talk to; ${DEFAULT-VALUE} unless TRIPTYCH_NODE says otherwise")
    String address = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            converter = Arguments.Seconds.class,
            description = "how long to wait for an answer (${DEFAULT-VALUE})")
    int timeoutSeconds;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            defaultValue = "${env:TRIPTYCH_TOKEN:-}",
            description = "for a node that asks for one; better in TRIPTYCH_TOKEN, which others do not see")
    String token = "";

    @Mixin
    NodeTrust trust = new NodeTrust();

    @Option(names = "--json", description = "one JSON object a line instead of a table")
    boolean json;

    /** Who asks: recorded with what they change. */
    static String user() {
        return java.lang.System.getProperty("user.name", "unknown");
    }

    /** For commands that talk to the node they start. */
    static String tokenFromEnvironment() {
        return Objects.requireNonNullElse(java.lang.System.getenv("TRIPTYCH_TOKEN"), "");
    }

    NodeClient connect() {
        return new NodeClient(address, trust.credentials(), token, timeoutSeconds);
    }
}

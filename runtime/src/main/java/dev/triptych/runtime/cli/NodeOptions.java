package dev.triptych.runtime.cli;

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

    @Option(names = "--json", description = "one JSON object a line instead of a table")
    boolean json;

    /** Who asks: recorded with what they change. */
    static String user() {
        return java.lang.System.getProperty("user.name", "unknown");
    }

    NodeClient connect() {
        return new NodeClient(address, timeoutSeconds);
    }
}

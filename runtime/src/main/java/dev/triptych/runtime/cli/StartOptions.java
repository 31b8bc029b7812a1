package dev.triptych.runtime.cli;

import dev.triptych.runtime.NodeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to start a node in this process. */
final class StartOptions {

    @Option(names = "--profile", defaultValue = "local", description = "of config/ (${DEFAULT-VALUE})")
    String profile = "local";

    @Option(names = "--data", paramLabel = "DIR", description = "where everything is kept (~/.triptych)")
    @Nullable
    Path data;

    @Option(names = "--systems", paramLabel = "DIR", description = "holds a folder for each system (config/systems)")
    @Nullable
    Path systems;

    @Option(names = "--port", description = "of the gRPC interface, 0 for any free one (7420)")
    @Nullable
    Integer port;

    @Option(names = "--http-port", description = "of the HTTP interface, 0 for any free one (8080)")
    @Nullable
    Integer httpPort;

    @Option(
            names = "--postgres",
            paramLabel = "JDBC-URL",
            description = "an existing database instead of the embedded one; user and password from"
                    + " TRIPTYCH_POSTGRES_USER and TRIPTYCH_POSTGRES_PASSWORD")
    @Nullable
    String postgres;

    @Option(names = "--no-cadences", description = "pipelines run only by hand")
    boolean noCadences;

    NodeSettings settings() {
        Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
        overrides.put("triptych.data", data == null ? null : data.toString());
        overrides.put("triptych.systems", systems == null ? defaultSystems() : systems.toString());
        overrides.put("triptych.grpc.port", port);
        overrides.put("triptych.http.port", httpPort);
        overrides.put("triptych.postgres.url", postgres);
        overrides.put("triptych.cadences", noCadences ? false : null);
        return NodeSettings.load(profile, overrides);
    }

    /** The systems of the checkout that the launcher runs from, wherever it is called. */
    private static @Nullable String defaultSystems() {
        String home = System.getProperty("triptych.home");
        return home == null ? null : Path.of(home, "config", "systems").toString();
    }
}

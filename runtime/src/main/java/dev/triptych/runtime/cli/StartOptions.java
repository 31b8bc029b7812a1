package dev.triptych.runtime.cli;

import dev.triptych.runtime.NodeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description = "of this node; no other living node of the cluster has it (local)")
    @Nullable
    String nodeName;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "what the node does: feature, training, inference, gateway (all)")
    List<String> roles = List.of();

    @Option(
            names = "--shared",
            paramLabel = "DIR",
            description =
                    "what every node of the cluster sees: offline store, datasets, results of batch runs (--data)")
    @Nullable
    Path shared;

    @Option(names = "--cluster-host", paramLabel = "HOST", description = "where other nodes reach this one (127.0.0.1)")
    @Nullable
    String clusterHost;

    @Option(names = "--cluster-port", description = "where other nodes reach this one (any free one)")
    @Nullable
    Integer clusterPort;

    @Option(
            names = "--seed",
            paramLabel = "HOST:PORT",
            description = "a node to join, once for each (found in the database)")
    List<String> seeds = List.of();

    @Option(names = "--no-cadences", description = "pipelines run only by hand")
    boolean noCadences;

    NodeSettings settings() {
        Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
        overrides.put("triptych.data", data == null ? null : data.toString());
        overrides.put("triptych.systems", systems == null ? null : systems.toString());
        overrides.put("triptych.grpc.port", port);
        overrides.put("triptych.http.port", httpPort);
        overrides.put("triptych.postgres.url", postgres);
        overrides.put("triptych.node", nodeName);
        overrides.put("triptych.roles", roles.isEmpty() ? null : roles);
        overrides.put("triptych.shared", shared == null ? null : shared.toString());
        overrides.put("triptych.cluster.host", clusterHost);
        overrides.put("triptych.cluster.port", clusterPort);
        overrides.put("triptych.cluster.seeds", seeds.isEmpty() ? null : seeds);
        overrides.put("triptych.cadences", noCadences ? false : null);
        return NodeSettings.load(profile, overrides);
    }

    /** The systems of the checkout that the launcher runs from, wherever it is called. */
    static Path systemsOfCheckout() {
        return Path.of(System.getProperty("triptych.home", "."), "config", "systems");
    }
}

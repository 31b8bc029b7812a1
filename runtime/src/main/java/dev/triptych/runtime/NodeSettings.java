package dev.triptych.runtime;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.triptych.monitoring.Monitor;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.grpc.Connections;
import dev.triptych.runtime.postgres.Databases;
import dev.triptych.runtime.postgres.GroupedJournalDao;
import dev.triptych.runtime.postgres.NodeLease;
import dev.triptych.runtime.postgres.SameDatabase;
import dev.triptych.runtime.tls.NodeCertificates;
import dev.triptych.runtime.tls.PemFiles;
import dev.triptych.runtime.tls.ServerIdentity;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told before it starts.
 *
 * @param data folder of what this node alone keeps, absolute
 * @param shared folder of what every node of the cluster sees, absolute
 * @param systems folder that holds a folder for each system, absolute
 * @param grpc where clients connect; port 0 for any free one
 * @param http the same for the REST form of the Open Inference Protocol
 * @param requestBytesMax longest request that is read, over gRPC and over HTTP
 * @param cadences whether pipelines run by themselves
 * @param database an existing PostgreSQL; empty for the embedded one
 * @param cluster its place among other nodes
 * @param config everything else, as Akka and the drivers read it
 */
public record NodeSettings(
        Path data,
        Path shared,
        Path systems,
        InetSocketAddress grpc,
        InetSocketAddress http,
        int requestBytesMax,
        boolean cadences,
        Optional<Database> database,
        ClusterSettings cluster,
        Config config) {

    /** @param url JDBC, for example {@code jdbc:postgresql://db.example/triptych} */
    public record Database(String url, String user, String password) {}

    private static final int PORT_MAX = 65_535;
    private static final int REQUEST_BYTES_MIN = 1_024;
    private static final int REQUEST_BYTES_MAX = 1 << 30;

    /** A batch run that is taken up again finds what it has predicted in the archive. */
    private static final Duration PREDICTIONS_KEPT_MIN = Duration.ofHours(1);

    private static final String TLS = "triptych.tls";
    private static final String PREDICTIONS_KEPT = "triptych.predictions.retention";
    private static final String FOREVER = "forever";
    private static final String HTTP_HEAD = "triptych.http.head-timeout";
    private static final String LOOK_INTERVAL = "triptych.monitoring.interval";
    private static final String WEBHOOK_PAUSE = "triptych.monitoring.webhook-pause";

    /**
     * Reads a profile of {@code config/}, with what the command line says put over it.
     *
     * @param overrides by path, for example {@code triptych.grpc.port}; null values are left out
     * @throws StartFailure if a value is missing or out of range
     */
    public static NodeSettings load(String profile, Map<String, @Nullable Object> overrides) {
        var given = new LinkedHashMap<>(overrides);
        given.values().removeIf(value -> value == null);
        try {
            Config config = withCertificates(ConfigFactory.load(ConfigFactory.parseMap(given, "command line")
                    .withFallback(ConfigFactory.parseResources(profile + ".conf"))));
            Config triptych = config.getConfig("triptych");
            var settings = new NodeSettings(
                    absolute(triptych.getString("data")),
                    shared(triptych),
                    absolute(triptych.getString("systems")),
                    address(triptych, "grpc"),
                    address(triptych, "http"),
                    requestBytesMax(triptych),
                    triptych.getBoolean("cadences"),
                    database(triptych),
                    ClusterSettings.of(triptych),
                    config);
            settings.refuseHalfACluster();
            settings.predictionRetention();
            settings.monitoring();
            settings.access();
            settings.connections();
            Exposure.check(config);
            return settings;
        } catch (ConfigException e) {
            throw new StartFailure("The configuration cannot be used: " + e.getMessage(), e);
        }
    }

    private static Config withCertificates(Config config) {
        Clock clock = Clock.systemUTC();
        PemFiles.of(config, TLS).ifPresent(files -> ServerIdentity.check(files, clock));
        return NodeCertificates.applied(config, clock);
    }

    private static Path shared(Config triptych) {
        String folder = triptych.getString("shared");
        if (folder.isEmpty()) {
            throw new StartFailure(
                    "triptych.shared: empty (expected: a folder that every node of the cluster sees, such"
                            + " as a network file system); set it with --shared.");
        }
        return absolute(folder);
    }

    /** The embedded database is its node's own: it ends with it, and nobody else may use its folder. */
    private void refuseHalfACluster() {
        if (!cluster.isAlone() && database.isEmpty()) {
            throw new StartFailure(
                    "triptych.postgres.url: empty (expected: the JDBC URL of the PostgreSQL that all nodes"
                            + " of the cluster use); set it with --postgres, or start a node alone with --profile local.");
        }
    }

    private static InetSocketAddress address(Config triptych, String interfaceName) {
        int port = triptych.getInt(interfaceName + ".port");
        if (port < 0 || port > PORT_MAX) {
            throw new StartFailure(
                    "triptych." + interfaceName + ".port: " + port + " (expected: 0 to " + PORT_MAX + ")");
        }
        String host = triptych.getString(interfaceName + ".host");
        var address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartFailure("triptych." + interfaceName + ".host: " + host
                    + " (expected: an address of this machine, such as 127.0.0.1)");
        }
        return address;
    }

    private static int requestBytesMax(Config triptych) {
        long bytes = triptych.getBytes("request-bytes-max");
        if (bytes < REQUEST_BYTES_MIN || bytes > REQUEST_BYTES_MAX) {
            throw new StartFailure("triptych.request-bytes-max: " + bytes + " (expected: " + REQUEST_BYTES_MIN + " to "
                    + REQUEST_BYTES_MAX + " bytes)");
        }
        return (int) bytes;
    }

    /**
     * How long predictions stay in the table that the archive reads; empty for ever.
     *
     * @throws StartFailure if it is too short
     */
    Optional<Duration> predictionRetention() {
        if (config.getString(PREDICTIONS_KEPT).equals(FOREVER)) {
            return Optional.empty();
        }
        Duration retention = config.getDuration(PREDICTIONS_KEPT);
        if (retention.compareTo(PREDICTIONS_KEPT_MIN) < 0) {
            throw new StartFailure(PREDICTIONS_KEPT + ": " + config.getString(PREDICTIONS_KEPT) + " (expected: "
                    + FOREVER + ", or a duration of 1h or more, such as 90d)");
        }
        return Optional.of(retention);
    }

    /**
     * What callers need.
     *
     * @throws StartFailure if some of it cannot be used
     */
    AccessControl access() {
        return AccessControl.of(config);
    }

    /**
     * What connections may cost.
     *
     * @throws StartFailure if some of it cannot be used
     */
    Connections connections() {
        return Connections.of(config);
    }

    /**
     * Until a request over HTTP must have said what it asks.
     *
     * @throws StartFailure if that is not more than never
     */
    Duration httpHead() {
        Duration head = config.getDuration(HTTP_HEAD);
        if (!head.isPositive()) {
            throw new StartFailure(HTTP_HEAD + ": " + head + " (expected: more than nothing, such as 60s)");
        }
        return head;
    }

    /**
     * The certificate that clients see; empty for a node without TLS.
     *
     * @throws StartFailure if only half of it is set
     */
    Optional<PemFiles> tls() {
        return PemFiles.of(config, TLS);
    }

    /** How often its files are looked at. */
    Duration tlsRefresh() {
        return config.getDuration("triptych.tls.refresh");
    }

    /**
     * How often systems are looked at.
     *
     * @throws StartFailure if that is not more than never
     */
    Monitor.Pace monitoring() {
        Duration interval = config.getDuration(LOOK_INTERVAL);
        Duration firstPause = config.getDuration(WEBHOOK_PAUSE);
        if (!interval.isPositive()) {
            throw new StartFailure(LOOK_INTERVAL + ": " + interval + " (expected: more than nothing, such as 30s)");
        }
        return new Monitor.Pace(interval, firstPause);
    }

    /** The same for the journal's plugin, with what is known only once the database runs. */
    Config connectedTo(Database found, NodeLease lease) {
        String pool = "akka-persistence-jdbc.shared-databases.slick.db.";
        return config.withValue(
                        SameDatabase.CLUSTER_ID,
                        ConfigValueFactory.fromAnyRef(lease.cluster().toString()))
                .withValue(
                        GroupedJournalDao.INCARNATION,
                        ConfigValueFactory.fromAnyRef(lease.incarnation().toString()))
                .withValue(
                        pool + "properties.ApplicationName",
                        ConfigValueFactory.fromAnyRef(NodeLease.applicationName(lease.incarnation())))
                .withValue(pool + "url", ConfigValueFactory.fromAnyRef(found.url()))
                .withValue(pool + "user", ConfigValueFactory.fromAnyRef(found.user()))
                .withValue(pool + "password", ConfigValueFactory.fromAnyRef(found.password()))
                .withValue(pool + "connectionInitSql", ConfigValueFactory.fromAnyRef(Databases.DURABLE_COMMITS));
    }

    private static Optional<Database> database(Config triptych) {
        String url = triptych.getString("postgres.url");
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(new Database(
                        url, triptych.getString("postgres.user"), triptych.getString("postgres.password")));
    }

    private static Path absolute(String path) {
        return Path.of(path).toAbsolutePath().normalize();
    }
}

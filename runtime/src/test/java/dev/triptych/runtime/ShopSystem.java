package dev.triptych.runtime;

import dev.triptych.runtime.postgres.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A system of nine orders, eight of which are settled: small enough to be trained within a second. */
public final class ShopSystem {

    public static final String NAME = "shop";

    private ShopSystem() {}

    /** Writes the system into a folder of its own below the given one, which is what a node is started with. */
    public static Path writeTo(Path systems) throws IOException {
        Path folder = Files.createDirectories(systems.resolve(NAME));
        Files.writeString(folder.resolve("system.conf"), DEFINITION);
        Files.writeString(folder.resolve("orders.csv"), ORDERS);
        Files.writeString(
                folder.resolve("orders.sql"),
                "SELECT \"order\", placed AS event_time, amount, items, country FROM source");
        Files.writeString(
                folder.resolve("returns.sql"),
                "SELECT \"order\", settled AS event_time, returned = 'yes' AS returned FROM source"
                        + " WHERE settled IS NOT NULL");
        return systems;
    }

    /** A node of its own, on any free port. */
    public static NodeSettings settings(Path data, Path systems) {
        return settings(data, systems, Map.of());
    }

    /** @param more settings, by path */
    public static NodeSettings settings(Path data, Path systems, Map<String, Object> more) {
        return settings("local", data, systems, more);
    }

    /**
     * Of a member of a cluster on loopback.
     *
     * @param folder of the cluster: what its nodes share, and a folder for each
     * @param more settings, by path
     */
    public static NodeSettings memberSettings(
            String profile,
            Path folder,
            Path systems,
            EmbeddedDatabase postgres,
            String node,
            Map<String, Object> more) {
        var member = new HashMap<String, Object>(Map.of(
                "triptych.node",
                node,
                "triptych.shared",
                folder.resolve("shared").toString(),
                "triptych.postgres.url",
                postgres.url(),
                "triptych.postgres.user",
                EmbeddedDatabase.USER));
        member.putAll(more);
        return settings(profile, folder.resolve(node), systems, member);
    }

    private static NodeSettings settings(String profile, Path data, Path systems, Map<String, Object> more) {
        var overrides = new HashMap<String, @Nullable Object>(Map.of(
                "triptych.data",
                data.toString(),
                "triptych.systems",
                systems.toString(),
                "triptych.grpc.port",
                0,
                "triptych.http.port",
                0,
                "triptych.cadences",
                false,
                "triptych.duckdb.mebibytes",
                256));
        overrides.putAll(more);
        return NodeSettings.load(profile, overrides);
    }

    private static final String ORDERS = """
            order,placed,settled,amount,items,country,returned
            o1,2026-01-01T10:00:00Z,2026-01-20T00:00:00Z,20.5,1,se,no
            o2,2026-01-02T10:00:00Z,2026-01-20T00:00:00Z,310.0,7,pl,yes
            o3,2026-01-03T10:00:00Z,2026-01-20T00:00:00Z,25.0,1,se,no
            o4,2026-01-04T10:00:00Z,2026-01-20T00:00:00Z,280.0,6,se,yes
            o5,2026-01-05T10:00:00Z,2026-01-20T00:00:00Z,33.0,2,pl,no
            o6,2026-01-06T10:00:00Z,2026-01-20T00:00:00Z,350.0,8,pl,yes
            o7,2026-01-07T10:00:00Z,2026-01-20T00:00:00Z,41.5,2,se,no
            o8,2026-01-08T10:00:00Z,2026-01-20T00:00:00Z,260.0,5,se,yes
            o9,2026-01-09T10:00:00Z,,290.0,6,pl,
            """;

    private static final String DEFINITION = """
            system { name = shop, description = "Will an order come back?" }
            entities { order { key = order } }
            views {
              placed { entity = order, features { amount = float64, items = int64, country = string } }
              outcome { entity = order, features { returned = bool } }
            }
            feature-pipelines {
              orders {
                cadence = manual
                source {
                  format = csv
                  files = ["orders.csv"]
                  columns {
                    order = string, placed = timestamp, settled = timestamp
                    amount = float64, items = int64, country = string, returned = string
                  }
                }
                writes { placed = "orders.sql", outcome = "returns.sql" }
              }
            }
            training-pipelines {
              returns {
                cadence = manual
                model = returns
                entity = order
                task = classification
                label = outcome.returned
                features = [placed.amount, placed.items, placed.country]
                trainer { kind = xgboost, trees = 20, max-depth = 2, min-child-weight = 0 }
                split { kind = k-fold, folds = 4 }
                seed = 7
                gates = ["accuracy >= 0.5"]
                promotion = automatic
              }
            }
            deployments { returns { model = returns } }
            inference-pipelines { open-orders { cadence = manual, deployment = returns, view = placed } }
            """;
}

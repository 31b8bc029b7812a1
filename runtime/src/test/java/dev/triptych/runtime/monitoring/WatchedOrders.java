package dev.triptych.runtime.monitoring;

import dev.triptych.runtime.ShopSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A system with 400 settled orders, of amounts about 100, and monitoring that trains and tells a webhook. */
final class WatchedOrders {

    static final int ORDERS = 400;

    private WatchedOrders() {}

    /** Writes the system into a folder of its own below the given one. */
    static Path writeTo(Path systems, String webhook) throws IOException {
        Path folder = Files.createDirectories(systems.resolve(ShopSystem.NAME));
        var random = new Random(11);
        var orders = new StringBuilder("order,placed,settled,amount,country,returned\n");
        for (int order = 0; order < ORDERS; order++) {
            double amount = amount(random);
            boolean returned = random.nextDouble() < (amount > 100 ? 0.9 : 0.1);
            orders.append("o%d,2026-01-01T10:00:00Z,2026-01-20T00:00:00Z,%.2f,%s,%s%n"
                    .formatted(order, amount, country(random), returned ? "yes" : "no"));
        }
        Files.writeString(folder.resolve("orders.csv"), orders);
        Files.writeString(
                folder.resolve("orders.sql"), "SELECT \"order\", placed AS event_time, amount, country FROM source");
        Files.writeString(
                folder.resolve("returns.sql"),
                "SELECT \"order\", settled AS event_time, returned = 'yes' AS returned FROM source");
        Files.writeString(folder.resolve("system.conf"), DEFINITION.replace("WEBHOOK", webhook));
        return systems;
    }

    static double amount(Random random) {
        return 100 + 20 * random.nextGaussian();
    }

    static String country(Random random) {
        return random.nextInt(3) == 0 ? "pl" : "se";
    }

    private static final String DEFINITION = """
            system { name = shop, description = "Will an order come back?" }
            entities { order { key = order } }
            views {
              placed { entity = order, features { amount = float64, country = string } }
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
                    amount = float64, country = string, returned = string
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
                features = [placed.amount, placed.country]
                trainer { kind = xgboost, trees = 10, max-depth = 2 }
                split { kind = k-fold, folds = 4 }
                seed = 7
                promotion = manual
              }
            }
            deployments { returns { model = returns } }
            monitoring {
              window = 1h
              rows-min = 50
              drift { psi = 0.25 }
              quality { accuracy = 0.6 }
              freshness { placed = 36500d }
              webhook = "WEBHOOK"
              on-drift = train
            }
            """;
}

package dev.triptych.runtime.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** A system that predicts numbers, of houses made up, some of which are not sold yet; one of its pipelines always fails. */
final class HouseSystem {

    static final String NAME = "houses";
    static final String FAILS = "valuations";
    static final String WHY_IT_FAILS = "the land register is closed";

    private static final int HOUSES = 80;
    private static final int SOLD = 60;

    private HouseSystem() {}

    /** Writes the system into a folder of its own below the given one. */
    static void writeTo(Path systems) throws IOException {
        Path folder = Files.createDirectories(systems.resolve(NAME));
        Files.writeString(folder.resolve("system.conf"), DEFINITION);
        Files.writeString(folder.resolve("houses.csv"), houses());
        Files.writeString(
                folder.resolve("listing.sql"), "SELECT house, listed AS event_time, area, rooms, district FROM source");
        Files.writeString(
                folder.resolve("sale.sql"),
                "SELECT house, sold AS event_time, price FROM source WHERE sold IS NOT NULL");
        Files.writeString(folder.resolve("valuation.sql"), """
                SELECT house, listed AS event_time,
                       CASE WHEN area > 0 THEN CAST(error('%s') AS DOUBLE) END AS valued FROM source
                """.formatted(WHY_IT_FAILS));
    }

    private static String houses() {
        var random = new Random(1);
        var csv = new StringBuilder("house,listed,sold,area,rooms,district,price\n");
        for (int house = 1; house <= HOUSES; house++) {
            double area = 30 + random.nextInt(120);
            boolean central = random.nextInt(3) == 0;
            double price = area * (central ? 95_000 : 60_000) + 100_000 * random.nextGaussian();
            csv.append(String.format(
                    Locale.ROOT,
                    "h%02d,2026-01-01T00:00:00Z,%s,%.1f,%d,%s,%s%n",
                    house,
                    house <= SOLD ? "2026-02-01T00:00:00Z" : "",
                    area,
                    1 + (int) (area / 30),
                    central ? "centre" : "suburb",
                    house <= SOLD ? Math.round(price) : ""));
        }
        return csv.toString();
    }

    private static final String DEFINITION = """
            system { name = houses, description = "What will it sell for?" }
            entities { house { key = house } }
            views {
              listing { entity = house, features { area = float64, rooms = int64, district = string } }
              sale { entity = house, features { price = float64 } }
              valuation { entity = house, features { valued = float64 } }
            }
            feature-pipelines {
              listings {
                cadence = manual
                source {
                  format = csv
                  files = ["houses.csv"]
                  columns {
                    house = string, listed = timestamp, sold = timestamp, area = float64, rooms = int64
                    district = string, price = float64
                  }
                }
                writes { listing = "listing.sql", sale = "sale.sql" }
              }
              valuations {
                cadence = manual
                source {
                  format = csv
                  files = ["houses.csv"]
                  columns {
                    house = string, listed = timestamp, sold = timestamp, area = float64, rooms = int64
                    district = string, price = float64
                  }
                }
                writes { valuation = "valuation.sql" }
              }
            }
            training-pipelines {
              price {
                cadence = manual
                model = price
                entity = house
                task = regression
                label = sale.price
                features = [listing.area, listing.rooms, listing.district]
                trainer { kind = xgboost, trees = 40, max-depth = 3 }
                split { kind = k-fold, folds = 3 }
                seed = 7
                gates = ["mae < baseline.mean"]
                promotion = automatic
              }
            }
            deployments { price { model = price } }
            inference-pipelines { listed { cadence = manual, deployment = price, view = listing } }
            """;
}

package dev.triptych.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a small system without a mistake, that uses every key of the grammar; tests write it with one. */
final class Flowers {

    static final String CONF = """
            # Which flower is it?
            system {
              name = flowers
              description = "Irises, measured"
            }
            entities {
              flower { key = tag }
              garden { key = address }
            }
            views {
              shape {
                entity = flower
                ttl = 30d
                boundary = exclusive
                features { width = float64, length = float64, colour = string, bed = int64 }
              }
              kind { entity = flower, features { species = string, grams = float64 } }
              soil {
                entity = garden
                features { acid = float64 }
              }
            }
            feature-pipelines {
              measurements {
                cadence = "0 3 * * *"
                source {
                  format = csv
                  files = ["2025.csv", "more/*.csv"]
                  columns { tag = string, "petal width" = float64 }
                  zone = "Europe/Stockholm"
                }
                bad-rows = quarantine
                writes { shape = "sql/shape.sql", kind = "kind.sql" }
              }
              garden {
                cadence = "every 90 s"
                source {
                  generator = "com.example.Garden"
                  options { count = 5, rate = 0.50 }
                }
                writes { soil = "soil.sql" }
              }
            }
            training-pipelines {
              species {
                cadence = "every 1d"
                model = species-of
                entity = flower
                task = classification
                label = kind.species
                features = [
                  shape.length,
                  "shape.width", shape.colour
                ]
                required = [shape.width, "shape.length"]
                trainer { kind = xgboost, trees = 7, subsample = 0.50 }
                transformations { "shape.length" = standardise }
                split { kind = k-fold, folds = 3, group = shape.bed }
                seed = 42
                baselines { by-colour = shape.colour }
                gates = [
                  "accuracy >= 0.9",
                  "log-loss<baseline.by-colour"
                ]
                primary-metric = accuracy
                promotion = automatic
              }
              weight {
                cadence = manual
                entity = flower
                task = regression
                label = kind.grams
                features = ["shape.*"]
                trainer { kind = linear-regression }
                split { kind = hash, test-fraction = 0.25 }
              }
            }
            deployments {
              florist { model = species-of, alias = challenger, audit = async }
              scale { model = weight }
              bouquet {
                model = species-of
                routes { champion = 90, 3 = 10 }
                shadows = [challenger]
                limits { in-flight = 64, deadline = 250ms }
                stale = refuse
              }
            }
            inference-pipelines {
              all { cadence = manual, deployment = florist, view = shape }
            }
            monitoring {
              window = 7d
              rows-min = 50
              drift { psi = 0.25 }
              quality { log-loss = 0.7, mae = 12.5 }
              freshness { soil = 2h }
              webhook = "https://alerts.example.com/flowers"
              on-drift = train
            }
            """;

    private Flowers() {}

    /** @param conf the text of system.conf */
    static Path folder(Path parent, String conf) {
        Path folder = parent.resolve("flowers");
        write(folder.resolve("system.conf"), conf);
        write(folder.resolve("2025.csv"), "tag,petal width\nf1,1.5\n");
        write(folder.resolve("more/b.csv"), "tag,petal width\n");
        write(folder.resolve("more/a.csv"), "tag,petal width\n");
        write(folder.resolve("empty.csv"), "");
        write(folder.resolve("sql/shape.sql"), "SELECT 1");
        write(folder.resolve("kind.sql"), "SELECT 2");
        write(folder.resolve("soil.sql"), "SELECT 3");
        write(folder.resolve("blank.sql"), " \n");
        return folder;
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.triptych.runtime.web;

import static org.awaitility.Awaitility.await;

import dev.triptych.runtime.Client;
import dev.triptych.runtime.Node;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.v1.FeatureRow;
import dev.triptych.v1.Instance;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.PredictRequest;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.WriteFeaturesRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A node with the Titanic, which has run all it has, houses whose prices are numbers, a system that has run nothing, one
 * full of what strangers write, and a browser: started for the first test class that looks at pages, stopped after the last.
 */
final class SharedTitanic implements ParameterResolver, AfterAllCallback {

    /** A key, and a text, that a careless page would run. */
    static final String HOSTILE = "<script>document.title='run'</script><img src=x onerror=document.title='run'>";

    static final String LONG = "long".repeat(50);

    private static final String LAST_REAL_PASSENGER = "p1309";
    private static final int ARRIVALS = 80;
    private static final int OUTCOME_DELAY_SECONDS = 2;

    /** A busy machine needs seconds for each look. */
    private static final Duration OUTCOMES_MAX = Duration.ofSeconds(60);

    /** What a test gets. */
    record Titanic(Client client, Browser browser) {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Titanic.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return titanic(test);
    }

    @Override
    public void afterAll(ExtensionContext tests) {
        titanic(tests).browser().rest();
    }

    private static Titanic titanic(ExtensionContext test) {
        return test.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION,
                        ExtensionContext.Namespace.create(SharedTitanic.class))
                .computeIfAbsent(Running.class, unstarted -> Running.start(), Running.class)
                .titanic();
    }

    private record Running(Path folder, Node node, Titanic titanic) implements AutoCloseable {

        static Running start() {
            try {
                Path folder = Files.createTempDirectory("triptych-shared-titanic");
                Path systems = strangeSystem(ShopSystem.writeTo(folder.resolve("systems")));
                copy(Path.of("../config/systems/titanic"), systems.resolve("titanic"));
                HouseSystem.writeTo(systems);
                Node node = Node.start(ShopSystem.settings(folder.resolve("data"), systems));
                var client = new Client(node.grpcAddress(), "titanic");
                fill(client);
                fillStrange(client);
                fillHouses(node.grpcAddress());
                return new Running(
                        folder, node, new Titanic(client, Browser.start("http://" + node.httpAddress(), "titanic")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Two versions, so that an alias can move, and predictions of which some have an outcome. */
        private static void fill(Client client) {
            client.finish(client.run(PipelineKind.FEATURE, "passengers", ""));
            client.complete(PipelineKind.TRAINING);
            client.finish(arrivals(client, ARRIVALS));
            predictArrivals(client);
            client.complete(PipelineKind.INFERENCE);
            awaitOutcomes(client);
            // Of what has become true since, so that it is not the same version again.
            client.complete(PipelineKind.TRAINING);
        }

        private static void awaitOutcomes(Client client) {
            await().atMost(OUTCOMES_MAX)
                    .until(() -> client.finish(arrivals(client, 0)).getCountsOrThrow("rowsWritten") > 0);
        }

        private static void predictArrivals(Client client) {
            var request = PredictRequest.newBuilder().setSystem("titanic");
            client.features()
                    .listKeys(ListKeysRequest.newBuilder()
                            .setSystem("titanic")
                            .setView("profile")
                            .setAfter(LAST_REAL_PASSENGER)
                            .build())
                    .getKeysList()
                    .forEach(key -> request.addInstances(Instance.newBuilder().setKey(key)));
            client.predictions().predict(request.build());
        }

        /** One pipeline fails, as a pipeline does. */
        private static void fillHouses(String address) {
            try (var client = new Client(address, HouseSystem.NAME)) {
                client.run(PipelineKind.FEATURE, HouseSystem.FAILS, "failing");
                client.finish(client.run(PipelineKind.FEATURE, "listings", ""));
                client.complete(PipelineKind.TRAINING);
                client.complete(PipelineKind.INFERENCE);
            }
        }

        static String arrivals(Client client, int count) {
            return client.pipelines()
                    .run(RunPipelineRequest.newBuilder()
                            .setSystem("titanic")
                            .setKind(PipelineKind.FEATURE)
                            .setPipeline("arrivals")
                            .putAllOptions(Map.of(
                                    "count", String.valueOf(count), "outcome-delay", OUTCOME_DELAY_SECONDS + "s"))
                            .build())
                    .getRunId();
        }

        private static Path strangeSystem(Path systems) throws IOException {
            Path folder = Files.createDirectories(systems.resolve("strange"));
            Files.writeString(folder.resolve("system.conf"), """
                    system { name = strange, description = "%s" }
                    entities { thing { key = thing } }
                    views { odd { entity = thing, features { amount = float64, note = string } } }
                    """.formatted(HOSTILE));
            return systems;
        }

        private static void fillStrange(Client client) {
            double[] amounts = {1e300, -1e300, Double.MIN_VALUE, 0.1};
            List<String> keys = List.of(HOSTILE, LONG);
            for (String key : keys) {
                var request =
                        WriteFeaturesRequest.newBuilder().setSystem("strange").setView("odd");
                for (int i = 0; i < amounts.length; i++) {
                    request.addRows(FeatureRow.newBuilder()
                            .setKey(key)
                            .setEventTime(Client.time(
                                    Instant.parse("2026-01-01T12:00:00Z").plusSeconds(i)))
                            .putValues("amount", Client.number(amounts[i]))
                            .putValues("note", Client.text(key)));
                }
                client.features().write(request.build());
            }
        }

        private static void copy(Path from, Path to) throws IOException {
            Files.createDirectories(to);
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }

        @Override
        public void close() throws IOException {
            titanic.browser().close();
            titanic.client().close();
            node.close();
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}

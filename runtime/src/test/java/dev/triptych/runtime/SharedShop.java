package dev.triptych.runtime;

import dev.triptych.v1.PipelineKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A running node with the {@link ShopSystem}, its features written and its model trained, for every test class that
 * only needs some node: started for the first of them, stopped after the last. What a test writes, it writes to keys of
 * its own.
 */
public final class SharedShop implements ParameterResolver {

    /** What a test gets. */
    public record Shop(Path systems, Path data, Node node, Client client) {
        public String address() {
            return node.grpcAddress();
        }

        public String httpAddress() {
            return node.httpAddress();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Shop.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getStore(
                        ExtensionContext.StoreScope.LAUNCHER_SESSION,
                        ExtensionContext.Namespace.create(SharedShop.class))
                .computeIfAbsent(Running.class, unstarted -> Running.start(), Running.class)
                .shop();
    }

    private record Running(Path folder, Shop shop) implements AutoCloseable {

        static Running start() {
            try {
                Path folder = Files.createTempDirectory("triptych-shared-shop");
                Path systems = ShopSystem.writeTo(folder.resolve("systems"));
                Path data = folder.resolve("data");
                Node node = Node.start(ShopSystem.settings(data, systems));
                var client = new Client(node.grpcAddress(), ShopSystem.NAME);
                client.complete(PipelineKind.FEATURE);
                client.complete(PipelineKind.TRAINING);
                return new Running(folder, new Shop(systems, data, node, client));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            shop.client().close();
            shop.node().close();
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}

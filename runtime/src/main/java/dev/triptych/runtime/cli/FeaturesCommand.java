package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.StoredRow;
import dev.triptych.v1.System;
import dev.triptych.v1.View;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "features", mixinStandardHelpOptions = true, description = "Features of entities.")
final class FeaturesCommand {

    @Spec
    CommandSpec spec;

    @Command(
            name = "get",
            mixinStandardHelpOptions = true,
            description = "A key's features: now, as of an event time, or as they were known at an ingest time.")
    int get(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "ENTITY") String entity,
            @Parameters(paramLabel = "KEY", arity = "1..*") List<String> keys,
            @Option(names = "--feature", paramLabel = "VIEW[.FEATURE]", description = "all views, if left out")
                    @Nullable
                    List<String> features,
            @Option(
                            names = "--as-of",
                            paramLabel = "TIME",
                            converter = Arguments.Time.class,
                            description = "an event time, inclusive; now, if left out")
                    @Nullable
                    Timestamp asOf,
            @Option(
                            names = "--known-at",
                            paramLabel = "TIME",
                            converter = Arguments.Time.class,
                            description = "an ingest time: what would have been answered then")
                    @Nullable
                    Timestamp knownAt) {
        try (NodeClient client = node.connect()) {
            var request = ReadFeaturesRequest.newBuilder()
                    .setSystem(system)
                    .setEntity(entity)
                    .addAllKeys(keys)
                    .addAllFeatures(features == null ? viewsOf(client, system, entity) : features);
            if (asOf != null) {
                request.setAsOf(asOf);
            }
            if (knownAt != null) {
                request.setKnownAt(knownAt);
            }
            var output = new Output(spec.commandLine().getOut());
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("KEY", "FEATURE", "VALUE", "STATUS", "EVENT TIME"));
            for (FeatureVector vector : client.features().read(request.build()).getVectorsList()) {
                if (node.json) {
                    output.json(vector);
                }
                for (FeatureValue value : vector.getValuesList()) {
                    rows.add(List.of(
                            vector.getKey(),
                            value.getFeature(),
                            Output.text(value.getValue()),
                            value.getStatus().name(),
                            Output.time(value.hasEventTime(), value.getEventTime())));
                }
            }
            if (!node.json) {
                output.table(rows);
            }
            return ExitCode.OK;
        }
    }

    private static List<String> viewsOf(NodeClient client, String system, String entity) {
        for (System declared : client.pipelines()
                .listSystems(dev.triptych.v1.ListSystemsRequest.getDefaultInstance())
                .getSystemsList()) {
            if (declared.getName().equals(system)) {
                return declared.getViewsList().stream()
                        .filter(view -> view.getEntity().equals(entity))
                        .map(View::getName)
                        .toList();
            }
        }
        throw Status.NOT_FOUND
                .withDescription("system: " + system + " (expected: a system of this node)")
                .asRuntimeException();
    }

    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "Every row of a key in a view, newest event time first.")
    int history(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "VIEW") String view,
            @Parameters(paramLabel = "KEY") String key,
            @Option(names = "--limit", defaultValue = "100", description = "at most (${DEFAULT-VALUE})") int limit) {
        try (NodeClient client = node.connect()) {
            var output = new Output(spec.commandLine().getOut());
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("EVENT TIME", "INGEST TIME", "SEQUENCE", "VALUES"));
            for (StoredRow row : client.features()
                    .history(FeatureHistoryRequest.newBuilder()
                            .setSystem(system)
                            .setView(view)
                            .setKey(key)
                            .setLimit(limit)
                            .build())
                    .getRowsList()) {
                if (node.json) {
                    output.json(row);
                }
                rows.add(List.of(
                        Output.time(true, row.getEventTime()),
                        Output.time(true, row.getIngestTime()),
                        String.valueOf(row.getSequenceNr()),
                        Output.values(row)));
            }
            if (!node.json) {
                output.table(rows);
            }
            return ExitCode.OK;
        }
    }
}

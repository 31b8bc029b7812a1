package dev.triptych.runtime.cli;

import com.google.protobuf.Timestamp;
import dev.triptych.v1.EraseFeaturesRequest;
import dev.triptych.v1.EraseFeaturesResponse;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureValue;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.StoredRow;
import dev.triptych.v1.System;
import dev.triptych.v1.View;
import io.grpc.Status;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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

    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = {
                "Forgets an entity for good: its values, and what its predictions were computed from.",
                "The erasure itself stays in the journal; the seals over the journal still hold."
            })
    int erase(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = "SYSTEM") String system,
            @Parameters(paramLabel = "ENTITY") String entity,
            @Parameters(paramLabel = "KEY") String key,
            @Option(
                            names = "--reason",
                            required = true,
                            description = "recorded with the erasure; must tell nothing of the entity")
                    String reason,
            @Option(names = "--yes", description = "do not ask for confirmation") boolean yes) {
        if (!yes && !confirmed(key)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "nothing was erased: type the key when asked, or give --yes where nobody can be asked");
        }
        try (NodeClient client = node.connect()) {
            EraseFeaturesResponse erased = client.features()
                    .erase(EraseFeaturesRequest.newBuilder()
                            .setSystem(system)
                            .setEntity(entity)
                            .setKey(key)
                            .setBy(NodeOptions.user())
                            .setReason(reason)
                            .build());
            var output = new Output(spec.commandLine().getOut());
            if (node.json) {
                output.json(erased);
            } else {
                output.line(system + "/" + entity + "/" + key + " is erased, by event " + erased.getSequenceNr()
                        + " of its journal");
            }
            return ExitCode.OK;
        }
    }

    /** Only where somebody sits at a terminal, as {@link Progress#on} knows. */
    private boolean confirmed(String key) {
        if (!Boolean.getBoolean("triptych.terminal")) {
            return false;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.print("This cannot be undone. Type the key " + key + " to erase it: ");
        err.flush();
        var input = new Scanner(java.lang.System.in, Charset.defaultCharset());
        return input.hasNextLine() && input.nextLine().equals(key);
    }
}

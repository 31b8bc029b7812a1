package dev.triptych.runtime.duckdb;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.TransformationCheck;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.feature.Extraction;
import dev.triptych.feature.Generator;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.domain.RunRequest;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.duckdb.DuckDBConnection;

/** Sources and transformations in a DuckDB of their own for each run. */
public final class DuckDbExtraction implements Extraction, TransformationCheck {

    private final DuckDbMemory memory;

    public DuckDbExtraction(DuckDbMemory memory) {
        this.memory = memory;
    }

    @Override
    public Extracted extract(SystemDefinition system, FeaturePipelineDefinition pipeline, RunRequest request) {
        try {
            DuckDBConnection connection = open();
            try {
                return extract(connection, system, pipeline, request);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new UnreadableSourceException(pipeline.name() + ": " + SqlMessages.firstLine(e), List.of());
        }
    }

    private DuckDBConnection open() throws SQLException {
        DuckDBConnection connection = memory.open();
        try (var statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            // Files are small beside what they cost when their rows come in another order on every run.
            statement.execute("SET preserve_insertion_order = true");
        }
        return connection;
    }

    private Extracted extract(
            DuckDBConnection connection,
            SystemDefinition system,
            FeaturePipelineDefinition pipeline,
            RunRequest request)
            throws SQLException {
        var rejections = new Rejections();
        Optional<String> cursor = Optional.empty();
        long rowsRead;
        switch (pipeline.source()) {
            case SourceDefinition.Files files -> rowsRead = new SourceTable(connection, files, rejections).load();
            case SourceDefinition.Generated generated -> {
                Generator.Batch batch = GeneratedTable.batch(generated, request(system, generated, request));
                rowsRead = new GeneratedTable(connection, generated).load(batch);
                cursor = Optional.of(batch.cursor());
            }
        }
        failOn(rejections, pipeline);
        lockDown(connection);
        var tables = new LinkedHashMap<FeaturePipelineDefinition.Output, OutputTable>();
        for (OutputTable table : outputs(connection, system, pipeline)) {
            List<Mistake> mistakes = table.mistakes();
            if (!mistakes.isEmpty()) {
                throw new UnreadableSourceException(mistakes.getFirst().render(), List.of());
            }
            table.fill(rejections);
            tables.put(pipeline.outputs().get(tables.size()), table);
        }
        failOn(rejections, pipeline);
        return new DuckDbExtracted(connection, tables, rowsRead, rejections, cursor);
    }

    /** What a transformation may read is in its tables by now. */
    private static void lockDown(DuckDBConnection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET enable_external_access = false");
        }
    }

    private static void failOn(Rejections rejections, FeaturePipelineDefinition pipeline) {
        if (rejections.count() > 0 && pipeline.badRows() == FeaturePipelineDefinition.BadRows.FAIL) {
            throw new UnreadableSourceException(
                    rejections.count() + " rows cannot be used, the first: "
                            + rejections.told().getFirst(),
                    rejections.told());
        }
    }

    private static Generator.Request request(
            SystemDefinition system, SourceDefinition.Generated generated, RunRequest request) {
        var options = new HashMap<>(generated.options());
        options.putAll(request.options());
        return new Generator.Request(
                request.cursor(), Micros.toInstant(request.scheduledMicros()), options, system.folder());
    }

    private static List<OutputTable> outputs(
            DuckDBConnection connection, SystemDefinition system, FeaturePipelineDefinition pipeline) {
        Optional<ZoneId> zone =
                pipeline.source() instanceof SourceDefinition.Files files ? files.zone() : Optional.empty();
        var tables = new ArrayList<OutputTable>();
        for (FeaturePipelineDefinition.Output output : pipeline.outputs()) {
            ViewDefinition view = system.view(output.view()).orElseThrow();
            String key = system.entity(view.entity()).orElseThrow().key();
            tables.add(new OutputTable(connection, "output" + tables.size(), output, view, key, zone));
        }
        return tables;
    }

    @Override
    public List<Mistake> check(SystemDefinition system) {
        var mistakes = new ArrayList<Mistake>();
        Path file = system.folder().resolve("system.conf");
        for (FeaturePipelineDefinition pipeline : system.featurePipelines()) {
            try (DuckDBConnection connection = open()) {
                emptySource(connection, system, pipeline);
                lockDown(connection);
                outputs(connection, system, pipeline).forEach(table -> mistakes.addAll(table.mistakes()));
            } catch (UnreadableSourceException e) {
                mistakes.add(new Mistake(
                        file, 0, "feature-pipelines." + pipeline.name() + ": " + e.getMessage(), "mend the source"));
            } catch (SQLException | RuntimeException e) {
                mistakes.add(
                        new Mistake(file, 0, "feature-pipelines." + pipeline.name() + ": " + e, "mend the source"));
            }
        }
        return mistakes;
    }

    private static void emptySource(
            DuckDBConnection connection, SystemDefinition system, FeaturePipelineDefinition pipeline)
            throws SQLException {
        switch (pipeline.source()) {
            case SourceDefinition.Files files -> new SourceTable(connection, files, new Rejections()).createEmpty();
            case SourceDefinition.Generated generated -> {
                var request =
                        new Generator.Request(Optional.empty(), Instant.EPOCH, generated.options(), system.folder());
                Generator.Batch batch = GeneratedTable.batch(generated, request);
                new GeneratedTable(connection, generated)
                        .load(new Generator.Batch(batch.columns(), Collections.emptyIterator(), batch.cursor()));
            }
        }
    }

    /** A run's tables, until they are closed. */
    private record DuckDbExtracted(
            DuckDBConnection connection,
            Map<FeaturePipelineDefinition.Output, OutputTable> tables,
            long rowsRead,
            Rejections rejected,
            Optional<String> cursor)
            implements Extracted {

        @Override
        public long rowsRejected() {
            return rejected.count();
        }

        @Override
        public List<String> rejections() {
            return rejected.told();
        }

        @Override
        public long rowsToWrite() {
            long rows = 0;
            for (OutputTable table : tables.values()) {
                try {
                    rows += table.count();
                } catch (SQLException e) {
                    throw new IllegalStateException("an output cannot be counted", e);
                }
            }
            return rows;
        }

        @Override
        public Iterator<KeyRows> rows(FeaturePipelineDefinition.Output output) {
            OutputTable table = tables.get(output);
            if (table == null) {
                throw new IllegalArgumentException("output: " + output.view() + " (expected: one of this pipeline)");
            }
            try {
                return new OutputRows(connection, table);
            } catch (SQLException e) {
                throw new UnreadableSourceException(
                        output.file() + ": its result cannot be read: " + e.getMessage(), List.of());
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("DuckDB could not be closed", e);
            }
        }
    }
}

package dev.triptych.runtime.duckdb;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.TransformationCheck;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.InferencePipelineDefinition;
import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.SelectedKeys;
import dev.triptych.inference.domain.BatchRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;

/**
 * Keys by SQL and by files, kept as Parquet: {@code system/pipeline/run.parquet} under one folder, with the columns
 * {@code key} and {@code visible}. A file appears complete or not at all, and is never written again.
 */
public final class DuckDbSelectedKeys implements SelectedKeys, TransformationCheck {

    private static final String HALF_WRITTEN = ".half";

    private final Path root;
    private final DuckDbMemory memory;

    /** @param root made where it is missing */
    public DuckDbSelectedKeys(Path root, DuckDbMemory memory) {
        this.root = root;
        this.memory = memory;
    }

    @Override
    public Selected of(BatchRun run, KeySelection selection, Choice choice, Supplier<KeysAsOf> from) {
        Path runs = root.resolve(SegmentPaths.safe(run.system())).resolve(SegmentPaths.safe(run.pipeline()));
        Path file = runs.resolve(SegmentPaths.safe(run.runId()) + SegmentPaths.SUFFIX);
        try {
            if (!Files.exists(file)) {
                DurableFiles.createFolders(runs);
                choose(selection, choice, from, file);
            }
            return KeptKeyFile.open(file, memory);
        } catch (IOException e) {
            throw new UncheckedIOException("keys of run " + run.runId() + " cannot be kept in " + file, e);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "keys of run " + run.runId() + " cannot be chosen: " + SqlMessages.firstLine(e), e);
        }
    }

    private void choose(KeySelection selection, Choice choice, Supplier<KeysAsOf> from, Path file)
            throws IOException, SQLException {
        try (DuckDBConnection connection = memory.open();
                KeysAsOf all = from.get()) {
            var chosen = new ChosenTable(connection);
            switch (selection) {
                case KeySelection.Query query -> {
                    var sql = new KeyQuery(connection, query, choice);
                    sql.createTables();
                    refuse(sql.mistakes());
                    try (ChosenTable.Known known = chosen.known(all)) {
                        sql.fill(known);
                    }
                    sql.run(chosen);
                }
                case KeySelection.Listed listed -> {
                    new KeyFile(connection, listed, choice.keyColumn()).read(chosen);
                    try (ChosenTable.Known known = chosen.known(all)) {
                        known.forEachRemaining(key -> {});
                    }
                }
                case KeySelection.OfView view ->
                    throw new IllegalArgumentException("keys: those of view " + view.view() + " (expected: a choice)");
            }
            try (ChosenTable.Rows rows = chosen.rows()) {
                keep(rows, file);
            }
        }
    }

    private static void refuse(List<Mistake> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new UnselectableException(mistakes.getFirst().render());
        }
    }

    private void keep(Iterator<SelectedKey> keys, Path file) throws IOException, SQLException {
        Path half = file.resolveSibling(file.getFileName() + HALF_WRITTEN);
        KeptKeyFile.write(keys, half, memory);
        DurableFiles.rename(half, file);
    }

    @Override
    public List<Mistake> check(SystemDefinition system) {
        var mistakes = new ArrayList<Mistake>();
        for (InferencePipelineDefinition pipeline : system.inferencePipelines()) {
            try (DuckDBConnection connection = memory.open()) {
                mistakes.addAll(mistakes(connection, system, pipeline.keys()));
            } catch (SQLException e) {
                mistakes.add(new Mistake(
                        system.folder().resolve("system.conf"),
                        0,
                        "inference-pipelines." + pipeline.name() + ": " + SqlMessages.firstLine(e),
                        "mend which keys it names"));
            }
        }
        return mistakes;
    }

    private static List<Mistake> mistakes(DuckDBConnection connection, SystemDefinition system, KeySelection selection)
            throws SQLException {
        return switch (selection) {
            case KeySelection.OfView view -> List.of();
            case KeySelection.Query query -> {
                var sql = new KeyQuery(connection, query, choice(system, query.entity()));
                sql.createTables();
                yield sql.mistakes();
            }
            case KeySelection.Listed listed -> {
                try {
                    new KeyFile(
                                    connection,
                                    listed,
                                    choice(system, listed.entity()).keyColumn())
                            .read(new ChosenTable(connection));
                    yield List.of();
                } catch (UnselectableException e) {
                    yield List.of(new Mistake(listed.file(), 0, String.valueOf(e.getMessage()), "mend the file"));
                }
            }
        };
    }

    private static Choice choice(SystemDefinition system, String entity) {
        Optional<EntityDefinition> declared = system.entity(entity);
        return new Choice(declared.map(EntityDefinition::key).orElse(""), system.viewsOf(entity), 0);
    }
}

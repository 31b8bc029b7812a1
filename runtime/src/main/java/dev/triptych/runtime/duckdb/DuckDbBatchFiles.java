package dev.triptych.runtime.duckdb;

import dev.triptych.inference.BatchFiles;
import dev.triptych.inference.domain.BatchPrediction;
import dev.triptych.inference.domain.BatchRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** Results as Parquet files: {@code system/pipeline/run.parquet} under one folder, sorted by key. */
public final class DuckDbBatchFiles implements BatchFiles {

    private static final String TABLE = "results";
    private static final String HALF_WRITTEN = ".half";

    private final Path root;
    private final DuckDbMemory memory;

    /** @param root made where it is missing */
    public DuckDbBatchFiles(Path root, DuckDbMemory memory) {
        this.root = root;
        this.memory = memory;
    }

    @Override
    public Written write(BatchRun run, List<String> outputs, Iterator<BatchPrediction> predictions) {
        var folder = root.resolve(SegmentPaths.safe(run.system())).resolve(SegmentPaths.safe(run.pipeline()));
        var target = folder.resolve(SegmentPaths.safe(run.runId()) + SegmentPaths.SUFFIX);
        var half = target.resolveSibling(target.getFileName() + HALF_WRITTEN);
        try {
            DurableFiles.createFolders(folder);
            long count = copy(outputs, predictions, half);
            DurableFiles.rename(half, target);
            return new Written(
                    root.getFileName() + "/"
                            + root.relativize(target).toString().replace('\\', '/'),
                    count);
        } catch (IOException e) {
            throw new UncheckedIOException("results cannot be written to " + target + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new IllegalStateException("results cannot be written to " + target + ": " + e.getMessage(), e);
        }
    }

    private long copy(List<String> outputs, Iterator<BatchPrediction> predictions, Path file) throws SQLException {
        try (DuckDBConnection connection = memory.open();
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + TABLE + " (key VARCHAR, prediction_id VARCHAR, version INTEGER, "
                    + "output VARCHAR, as_of TIMESTAMPTZ, predicted TIMESTAMPTZ"
                    + IntStream.range(0, outputs.size())
                            .mapToObj(i -> ", score_" + i + " DOUBLE")
                            .collect(Collectors.joining())
                    + ")");
            long count = 0;
            try (var appender = connection.createAppender(TABLE)) {
                while (predictions.hasNext()) {
                    append(appender, predictions.next(), outputs.size());
                    count++;
                }
            }
            statement.execute("COPY (SELECT key, prediction_id, version, output, "
                    + scores(outputs) + " AS scores, as_of, predicted FROM " + TABLE + " ORDER BY key) TO "
                    + SqlQuotes.literal(file.toString()) + " (FORMAT parquet, COMPRESSION zstd)");
            return count;
        }
    }

    private static void append(DuckDBAppender appender, BatchPrediction prediction, int scores) throws SQLException {
        appender.beginRow()
                .append(prediction.key())
                .append(prediction.predictionId())
                .append(prediction.version())
                .append(prediction.output())
                .appendEpochMicros(prediction.asOfMicros())
                .appendEpochMicros(prediction.predictedMicros());
        for (int i = 0; i < scores; i++) {
            appender.append(prediction.scores().get(i).doubleValue());
        }
        appender.endRow();
    }

    /** A map by outcome: outcomes are data, and column names that differ by case alone would clash. */
    private static String scores(List<String> outputs) {
        return "MAP([" + outputs.stream().map(SqlQuotes::literal).collect(Collectors.joining(", ")) + "], ["
                + IntStream.range(0, outputs.size()).mapToObj(i -> "score_" + i).collect(Collectors.joining(", "))
                + "])";
    }
}

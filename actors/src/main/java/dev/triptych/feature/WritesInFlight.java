package dev.triptych.feature;

import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.kernel.Causes;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.schedule.domain.RunProgress;
import dev.triptych.store.features.FeatureEntity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run's writes: no more than a bound at once, all counted. One thread begins them, any threads end them. */
final class WritesInFlight {

    private static final int REJECTIONS_TOLD_MAX = 100;

    /** Writes from one report of progress to the next. */
    private static final int REPORT_EVERY = 500;

    private final int inFlightMax;
    private final Semaphore places;
    private final long rowsToWrite;
    private final FeaturePipelineDefinition.BadRows badRows;
    private final Consumer<RunProgress> progress;

    private long writes;
    private long rowsWritten;
    private long rowsUnchanged;
    private long rowsErased;
    private long rowsRefused;
    private final List<String> rejections = new ArrayList<>();
    private @Nullable String failure;

    /** @param badRows what a refused write means for the run */
    WritesInFlight(
            int inFlightMax,
            long rowsToWrite,
            FeaturePipelineDefinition.BadRows badRows,
            Consumer<RunProgress> progress) {
        this.inFlightMax = inFlightMax;
        this.places = new Semaphore(inFlightMax);
        this.rowsToWrite = rowsToWrite;
        this.badRows = badRows;
        this.progress = progress;
        progress.accept(new RunProgress("writing rows", 0, rowsToWrite));
    }

    /** False once a write has failed for good, or was refused where that ends the run. */
    synchronized boolean goOn() {
        return failure == null && !refused();
    }

    private boolean refused() {
        return rowsRefused > 0 && badRows == FeaturePipelineDefinition.BadRows.FAIL;
    }

    /** Waits for a place. */
    void begin() throws InterruptedException {
        places.acquire();
    }

    /**
     * @param reply null if the write failed
     * @param failed null if there is a reply
     */
    void ended(Extraction.KeyRows rows, FeatureEntity.@Nullable WriteReply reply, @Nullable Throwable failed) {
        synchronized (this) {
            writes++;
            if (reply != null) {
                count(rows, reply);
            } else if (failure == null) {
                failure = "the rows of key " + rows.key() + " could not be written: "
                        + (failed == null ? "no reply" : Causes.message(failed));
            }
            if (writes % REPORT_EVERY == 0) {
                progress.accept(new RunProgress("writing rows", rowsWritten + rowsUnchanged + rowsErased, rowsToWrite));
            }
        }
        places.release();
    }

    private void count(Extraction.KeyRows rows, FeatureEntity.WriteReply reply) {
        switch (reply) {
            case FeatureEntity.Written written -> {
                rowsWritten += written.rowsWritten();
                rowsUnchanged += written.rowsUnchanged();
                rowsErased += written.rowsErased();
            }
            case FeatureEntity.Refused(var reason) -> {
                rowsRefused += rows.rows().size();
                if (rejections.size() < REJECTIONS_TOLD_MAX) {
                    rejections.add("key " + rows.key() + ": " + reason.message());
                }
            }
        }
    }

    void awaitAll() throws InterruptedException {
        places.acquire(inFlightMax);
        places.release(inFlightMax);
    }

    synchronized RunOutcome outcome(Extraction.Extracted extracted) {
        var told = new ArrayList<>(extracted.rejections());
        told.addAll(rejections);
        if (failure != null) {
            return new RunOutcome.Failed(
                    failure + "; run it again once the cause is mended, what was written stays written once", told);
        }
        if (refused()) {
            return new RunOutcome.Failed("rows were refused, the first: " + rejections.getFirst(), told);
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rowsRead", extracted.rowsRead());
        counts.put("rowsWritten", rowsWritten);
        counts.put("rowsUnchanged", rowsUnchanged);
        counts.put("rowsRejected", extracted.rowsRejected() + rowsRefused);
        if (rowsErased > 0) {
            counts.put("rowsErased", rowsErased);
        }
        return new RunOutcome.Completed(counts, Map.of(), told, extracted.cursor());
    }
}

package dev.triptych.monitoring;

import dev.triptych.inference.domain.PredictionRecord;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The record of predictions, counted and sampled. Answers on any thread, once all that was acknowledged is in it. */
public interface PredictionRecords {

    /**
     * Which predictions: those of a deployment, without its shadows.
     *
     * @param fromMicros inclusive
     * @param untilMicros exclusive
     */
    record Question(String system, String deployment, long fromMicros, long untilMicros) {}

    /**
     * @param startMicros of the step they were made in
     * @param version that answered
     * @param batch whether a run of an inference pipeline asked, and not a caller
     */
    record Count(long startMicros, int version, boolean batch, long predictions) {}

    /**
     * How many there are in every step.
     *
     * @param stepMicros length of a step; the first begins with the question's time
     * @return no more than are not zero, by time
     */
    CompletionStage<List<Count>> counts(Question question, long stepMicros);

    /**
     * Some of them, spread evenly; the same question about the same record gives the same ones.
     *
     * @param version that answered; 0 for any
     * @param of how many there are, as counted
     * @param limit so many are wanted; a few more or less come
     * @return by id, oldest first
     */
    CompletionStage<List<PredictionRecord>> sample(Question question, int version, boolean batch, long of, int limit);
}

package dev.triptych.inference.domain;

import dev.triptych.store.features.domain.CanonicalDigest;
import java.util.List;

/**
 * The hash chain of a prediction log: each link is SHA-256 over the link before it and the predictions logged with it.
 * Whoever changes, removes or slips in a prediction must change every link after it.
 */
public final class PredictionChain {

    /** What the first link follows. */
    public static final String GENESIS = "0".repeat(64);

    private static final String ENCODING = "triptych predictions 1";

    private static final char SHADOW = 'w';

    private PredictionChain() {}

    /** @param before the link before, in hex */
    public static String link(String before, List<PredictionRecord> predictions) {
        var digest = new CanonicalDigest(ENCODING);
        digest.text(before);
        digest.number(predictions.size());
        predictions.forEach(prediction -> add(digest, prediction));
        return digest.hash();
    }

    /** Whether an event is what was logged after the link {@code before}. */
    public static boolean follows(String before, PredictionEvent.PredictionsLogged event) {
        return event.chain().equals(link(before, event.predictions()));
    }

    private static void add(CanonicalDigest digest, PredictionRecord prediction) {
        digest.text(prediction.id());
        digest.text(prediction.system());
        digest.text(prediction.deployment());
        digest.text(prediction.model());
        digest.number(prediction.version());
        digest.text(prediction.key());
        digest.number(prediction.sequenceNr());
        digest.number(prediction.asOfMicros());
        digest.number(prediction.given().size());
        prediction.given().forEach(digest::value);
        digest.number(prediction.outputs().size());
        prediction.outputs().forEach(digest::real);
        digest.number(prediction.predictedMicros());
        digest.text(prediction.runId());
        // Only where it is one, so that links made before there were shadows still hold. What follows an answer is
        // the length of a text, which begins with a zero byte.
        prediction.shadowOf().ifPresent(answer -> {
            digest.letter(SHADOW);
            digest.text(answer);
        });
    }
}

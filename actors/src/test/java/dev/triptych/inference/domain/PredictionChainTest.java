package dev.triptych.inference.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionChainTest {

    private static final PredictionRecord BY_KEY =
            Predictions.byKey("018bcfe5-687b-7000-8000-000000000001", "17", 0.25);

    /** Computed by hand from the documented bytes, with another language's SHA-256. */
    private static final String GOLDEN = "f9ca8afbdc25e0ec38c7c8bef4b7b7994ac0f88b54c0da5485bdb15f6974ded7";

    @Test
    void linksAsItAlwaysDid() {
        assertThat(PredictionChain.link(PredictionChain.GENESIS, List.of(BY_KEY, Predictions.fromRawFeatures())))
                .isEqualTo(GOLDEN);
    }

    @Test
    void noticesAChangeOfAnythingRecorded() {
        PredictionRecord was = Predictions.fromRawFeatures();
        List<PredictionRecord> changed = List.of(
                with(was, "x", was.version(), was.key(), 0, 1, was.given(), was.outputs(), 1, was.runId()),
                with(was, was.id(), 4, was.key(), 0, 1, was.given(), was.outputs(), 1, was.runId()),
                with(was, was.id(), 3, Optional.of(""), 0, 1, was.given(), was.outputs(), 1, was.runId()),
                with(was, was.id(), 3, was.key(), 1, 1, was.given(), was.outputs(), 1, was.runId()),
                with(was, was.id(), 3, was.key(), 0, 2, was.given(), was.outputs(), 1, was.runId()),
                with(was, was.id(), 3, was.key(), 0, 1, List.of(new Value.Bool(true)), was.outputs(), 1, was.runId()),
                with(was, was.id(), 3, was.key(), 0, 1, was.given(), List.of(0.0, Double.MIN_VALUE), 1, was.runId()),
                with(was, was.id(), 3, was.key(), 0, 1, was.given(), was.outputs(), 2, was.runId()),
                with(was, was.id(), 3, was.key(), 0, 1, was.given(), was.outputs(), 1, Optional.empty()));
        PredictionRecord base = with(was, was.id(), 3, was.key(), 0, 1, was.given(), was.outputs(), 1, was.runId());

        List<String> links = new ArrayList<>();
        links.add(PredictionChain.link(PredictionChain.GENESIS, List.of(base)));
        links.add(PredictionChain.link(PredictionChain.GENESIS, List.of(Predictions.shadowOf(base, "a"))));
        links.add(PredictionChain.link(PredictionChain.GENESIS, List.of(Predictions.shadowOf(base, "b"))));
        changed.forEach(record -> links.add(PredictionChain.link(PredictionChain.GENESIS, List.of(record))));

        assertThat(links).doesNotHaveDuplicates();
    }

    @Test
    void breaksWhereAPredictionIsTakenOut() {
        var events = PredictionLogState.EMPTY.log(IntStream.range(0, 3)
                .mapToObj(i -> Predictions.byKey("id-" + i, "k", 0.5))
                .toList());
        var whole = (PredictionsLogged) events.getFirst();

        var without = new PredictionsLogged(whole.predictions().subList(0, 2), whole.chain());

        assertThat(PredictionChain.follows(PredictionChain.GENESIS, whole)).isTrue();
        assertThat(PredictionChain.follows(PredictionChain.GENESIS, without)).isFalse();
    }

    private static PredictionRecord with(
            PredictionRecord was,
            String id,
            int version,
            Optional<String> key,
            long sequenceNr,
            long asOfMicros,
            List<Value> given,
            List<Double> outputs,
            long predictedMicros,
            Optional<String> runId) {
        return new PredictionRecord(
                id,
                was.system(),
                was.deployment(),
                was.model(),
                version,
                key,
                sequenceNr,
                asOfMicros,
                given,
                outputs,
                predictedMicros,
                runId);
    }
}

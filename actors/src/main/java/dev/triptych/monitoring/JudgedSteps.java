package dev.triptych.monitoring;

import dev.triptych.audit.PastStates;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.PredictionRecords.Question;
import dev.triptych.monitoring.QualityReport.Point;
import dev.triptych.monitoring.QualityReport.Step;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.ModelVersion;
import dev.triptych.store.models.domain.RegisteredModel;
import dev.triptych.store.models.domain.Signature;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Answers judged by their outcomes, step by step of time. For one thread at a time. */
final class JudgedSteps {

    private final Question question;
    private final long stepMicros;
    private final Optional<Signature> signature;
    private final Optional<FeatureRead> label;
    private final RegisteredModel model;
    private final Map<Long, JudgedAnswers> steps = new TreeMap<>();
    private final Optional<JudgedAnswers> whole;
    private final ArrayDeque<Point> points = new ArrayDeque<>();
    private long sampled;

    /** @param label empty where the system no longer says what tells outcomes */
    JudgedSteps(
            Question question,
            long stepMicros,
            Optional<Signature> signature,
            Optional<FeatureRead> label,
            RegisteredModel model) {
        this.question = question;
        this.stepMicros = stepMicros;
        this.signature = signature;
        this.label = label;
        this.model = model;
        this.whole = signature.map(JudgedAnswers::new);
    }

    /** Answers of versions that tell other outcomes apart cannot be judged together. */
    void add(PredictionRecord record, PastStates states) {
        boolean comparable = model.version(record.version())
                .map(ModelVersion::signature)
                .filter(own -> signature
                        .filter(main -> main.outputs().equals(own.outputs()) && main.task() == own.task())
                        .isPresent())
                .isPresent();
        if (!comparable) {
            return;
        }
        sampled++;
        Signature main = signature.orElseThrow();
        long step = (record.predictedMicros() - question.fromMicros()) / stepMicros;
        JudgedAnswers judged = steps.computeIfAbsent(step, unseen -> new JudgedAnswers(main));
        Optional<Value> outcome = label.flatMap(read -> PastStates.entity(record, main)
                .flatMap(entity -> states.outcome(entity, read, record))
                .map(row -> row.values().getFirst()));
        if (outcome.isEmpty()) {
            judged.addUnknown();
            whole.orElseThrow().addUnknown();
            return;
        }
        judged.add(record, outcome.get());
        whole.orElseThrow().add(record, outcome.get());
        if (judged.canScore(outcome.get())) {
            points.addLast(judged.point(record, outcome.get()));
            if (points.size() > Measurements.POINTS_MAX) {
                points.removeFirst();
            }
        }
    }

    QualityReport report(int version, boolean batch, long predictions) {
        List<Step> byTime = steps.entrySet().stream()
                .map(step -> step.getValue()
                        .step(
                                question.fromMicros() + step.getKey() * stepMicros,
                                Math.min(
                                        question.fromMicros() + (step.getKey() + 1) * stepMicros,
                                        question.untilMicros())))
                .toList();
        return new QualityReport(
                version,
                signature,
                batch,
                question.fromMicros(),
                question.untilMicros(),
                stepMicros,
                predictions,
                sampled,
                whole.map(all -> all.step(question.fromMicros(), question.untilMicros()))
                        .orElseGet(() ->
                                new Step(question.fromMicros(), question.untilMicros(), 0, 0, Map.of(), Map.of())),
                byTime,
                List.copyOf(points));
    }
}

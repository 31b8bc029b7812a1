package dev.triptych.monitoring;

import dev.triptych.audit.PastStates;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.monitoring.domain.Drift;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.profile.ColumnTally;
import dev.triptych.store.models.domain.profile.OutputTally;
import dev.triptych.store.models.domain.profile.VersionProfile;
import java.util.ArrayList;
import java.util.List;

/** What a version was asked and what it answered, column by column. For one thread at a time. */
final class LiveColumns {

    private final Signature signature;
    private final List<ColumnTally> inputs;
    private final OutputTally output;
    private long rows;

    LiveColumns(Signature signature) {
        this.signature = signature;
        this.inputs = signature.inputs().stream()
                .map(FeatureRead::type)
                .map(ColumnTally::of)
                .toList();
        this.output = new OutputTally(signature);
    }

    /** A prediction whose features were erased since says nothing. */
    void add(PredictionRecord record, PastStates states) {
        if (states.isErased(record, signature)
                || record.outputs().size() != signature.outputs().size()) {
            return;
        }
        List<Value> values = states.inputs(record, signature).orElse(record.given());
        if (values.size() != inputs.size()) {
            return;
        }
        for (int input = 0; input < values.size(); input++) {
            inputs.get(input).add(values.get(input));
        }
        output.add(record.outputs());
        rows++;
    }

    long rows() {
        return rows;
    }

    List<Drift> against(VersionProfile profile) {
        var drifts = new ArrayList<Drift>();
        for (int input = 0; input < inputs.size(); input++) {
            drifts.add(Drift.of(
                    signature.inputs().get(input).name(),
                    profile.inputs().get(input),
                    inputs.get(input).profile()));
        }
        drifts.add(Drift.ofOutput(profile, output.profile()));
        return drifts;
    }
}

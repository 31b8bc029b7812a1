package dev.triptych.training.domain;

import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import java.util.List;

/** Labels as outcomes and as numbers. */
public final class Labels {

    /** More than this is an identifier or a number, and no outcome. */
    private static final int OUTCOMES_MAX = 1_000;

    private Labels() {}

    /**
     * What a model of this dataset takes and gives.
     *
     * @throws UnusableDatasetException if there are fewer than two outcomes to tell apart, or too many
     */
    public static Signature signature(String entity, Task task, Dataset dataset) {
        FeatureRead label = dataset.schema().label();
        return new Signature(
                entity,
                dataset.schema().reads().subList(0, dataset.schema().inputs()),
                task,
                label.name(),
                switch (task) {
                    case CLASSIFICATION -> outcomes(dataset);
                    case REGRESSION -> List.of(label.name());
                });
    }

    /** A bool as {@code false} or {@code true}, text as it is, a whole number in decimals. */
    public static String outcome(Value label) {
        return switch (label) {
            case Value.Bool bool -> Boolean.toString(bool.value());
            case Value.Text text -> text.value();
            case Value.Int64 number -> Long.toString(number.value());
            case Value.Float64 number -> throw notA(label, "a bool, text or a whole number, to be told apart");
            case Value.Null missing -> throw notA(label, "a label in every row");
        };
    }

    public static double number(Value label) {
        return switch (label) {
            case Value.Float64 number when Double.isFinite(number.value()) -> number.value();
            case Value.Int64 number -> number.value();
            case Value.Float64 infinite -> throw notA(label, "a finite number");
            case Value.Bool bool -> throw notA(label, "a number");
            case Value.Text text -> throw notA(label, "a number");
            case Value.Null missing -> throw notA(label, "a label in every row");
        };
    }

    private static List<String> outcomes(Dataset dataset) {
        List<String> outcomes = dataset.rows().stream()
                .map(row -> outcome(row.label()))
                .distinct()
                .limit(OUTCOMES_MAX + 1L)
                .sorted()
                .toList();
        if (outcomes.size() < 2 || outcomes.size() > OUTCOMES_MAX) {
            throw new UnusableDatasetException("label "
                    + dataset.schema().label().name() + ": "
                    + (outcomes.size() > OUTCOMES_MAX ? "more than " + OUTCOMES_MAX : outcomes.size())
                    + " different outcomes in " + dataset.size() + " rows (expected: 2 to " + OUTCOMES_MAX + ")");
        }
        return outcomes;
    }

    private static UnusableDatasetException notA(Value label, String expected) {
        return new UnusableDatasetException("label: " + label.raw() + " (expected: " + expected + ")");
    }
}

package dev.triptych.definition.domain;

import dev.triptych.store.models.domain.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The trainers a definition can name, with their parameters, defaults and ranges. */
public enum TrainerKind {
    LOGISTIC_REGRESSION(
            "logistic-regression",
            Set.of(Task.CLASSIFICATION),
            whole("epochs", 50, 1, 10_000),
            real("learning-rate", 0.1, 1e-6, 10),
            whole("minibatch", 1, 1, 100_000)),
    LINEAR_REGRESSION(
            "linear-regression",
            Set.of(Task.REGRESSION),
            whole("epochs", 50, 1, 10_000),
            real("learning-rate", 0.1, 1e-6, 10),
            whole("minibatch", 1, 1, 100_000)),
    RANDOM_FOREST(
            "random-forest",
            Set.of(Task.CLASSIFICATION, Task.REGRESSION),
            whole("trees", 100, 1, 10_000),
            whole("max-depth", 8, 1, 64),
            whole("min-leaf-rows", 3, 1, 1_000_000),
            real("feature-fraction", 0.5, 0.01, 1)),
    XGBOOST(
            "xgboost",
            Set.of(Task.CLASSIFICATION, Task.REGRESSION),
            whole("trees", 100, 1, 100_000),
            real("learning-rate", 0.1, 1e-6, 1),
            whole("max-depth", 4, 1, 32),
            real("min-child-weight", 1, 0, 1e9),
            real("subsample", 1, 0.01, 1),
            real("feature-fraction", 1, 0.01, 1),
            real("lambda", 1, 0, 1e9),
            real("alpha", 0, 0, 1e9),
            real("gamma", 0, 0, 1e9),
            // One, as XGBoost's threads wait by spinning: on two busy cores two of them took twenty times as long. A
            // parameter, so that the order in which sums are added up belongs to the recipe.
            whole("threads", 1, 1, 1_024));

    /**
     * @param otherwise the default
     * @param min inclusive
     * @param max inclusive
     * @param whole whether only whole numbers will do
     */
    public record Parameter(String name, double otherwise, double min, double max, boolean whole) {

        /** Empty where the text is no number in the range. */
        public Optional<Double> value(String text) {
            try {
                double value = whole ? Integer.parseInt(text) : Double.parseDouble(text);
                return value >= min && value <= max ? Optional.of(value) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        public String expected() {
            return whole
                    ? "a whole number from " + (long) min + " to " + (long) max
                    : "a number from " + min + " to " + max;
        }
    }

    private final String label;
    private final Set<Task> tasks;
    private final List<Parameter> parameters;

    TrainerKind(String label, Set<Task> tasks, Parameter... parameters) {
        this.label = label;
        this.tasks = tasks;
        this.parameters = List.of(parameters);
    }

    /** The name definitions use. */
    public String label() {
        return label;
    }

    public boolean does(Task task) {
        return tasks.contains(task);
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    public static Optional<TrainerKind> ofLabel(String label) {
        return Arrays.stream(values()).filter(kind -> kind.label.equals(label)).findFirst();
    }

    private static Parameter whole(String name, int otherwise, int min, int max) {
        return new Parameter(name, otherwise, min, max, true);
    }

    private static Parameter real(String name, double otherwise, double min, double max) {
        return new Parameter(name, otherwise, min, max, false);
    }
}

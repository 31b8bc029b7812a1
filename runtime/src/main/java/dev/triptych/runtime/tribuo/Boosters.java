package dev.triptych.runtime.tribuo;

import dev.triptych.store.models.domain.evaluator.Combination;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import dev.triptych.store.models.domain.evaluator.FlatTrees;
import dev.triptych.store.models.domain.evaluator.TreeEvaluator;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/**
 * Flattens XGBoost's trees, from the bytes that XGBoost saves. Covers are the sums of hessians it counts.
 *
 * <p>Layout: XGBoost's doc/model.schema; a node whose left child is −1 is a leaf, and its split condition its number.
 */
final class Boosters {

    private final Map<?, ?> learner;
    private final int columns;

    private Boosters(Booster booster, int columns) throws XGBoostError {
        this.learner = (Map<?, ?>) in(UniversalBinaryJson.object(booster.toByteArray()), "learner");
        this.columns = columns;
    }

    /**
     * @param columns features of the model
     * @throws IllegalArgumentException if it is of a kind that this does not flatten; the message says why
     */
    static Evaluator flattened(Booster booster, int columns, boolean classifies) {
        try {
            return new Boosters(booster, columns).flattened(classifies);
        } catch (XGBoostError | ClassCastException unread) {
            throw new IllegalArgumentException("booster: cannot be read: " + unread.getMessage(), unread);
        }
    }

    private Evaluator flattened(boolean classifies) {
        require("objective", in(in(learner, "objective"), "name"), classifies ? "multi:softprob" : "reg:squarederror");
        Object booster = in(learner, "gradient_booster");
        require("booster", in(booster, "name"), "gbtree");
        Object model = in(booster, "model");
        List<?> trees = (List<?>) in(model, "trees");
        var flat = new FlatTrees(columns, 1);
        for (Object tree : trees) {
            flat.tree(new Tree((Map<?, ?>) tree).addTo(flat, 0));
        }
        int[] group = new int[trees.size()];
        List<?> groups = (List<?>) in(model, "tree_info");
        for (int tree = 0; tree < group.length; tree++) {
            group[tree] = ((Number) nonNull(groups.get(tree))).intValue();
        }
        return new TreeEvaluator(flat, new Combination.Boosted(base(classifies), group, classifies));
    }

    /** Written as {@code [a,b,…]}, or as one number for all outputs by versions before 3.1. */
    private float[] base(boolean classifies) {
        Object parameters = in(learner, "learner_model_param");
        int outputs = classifies ? Integer.parseInt((String) in(parameters, "num_class")) : 1;
        String[] numbers = ((String) in(parameters, "base_score"))
                .replace("[", "")
                .replace("]", "")
                .split(",", -1);
        float[] base = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            base[output] = Float.parseFloat(numbers[numbers.length == 1 ? 0 : output].strip());
        }
        return base;
    }

    private static final class Tree {
        private final List<?> lefts;
        private final List<?> rights;
        private final List<?> columns;
        private final List<?> conditions;
        private final List<?> missing;
        private final List<?> covers;

        Tree(Map<?, ?> tree) {
            if (tree.get("categories_nodes") instanceof List<?> categories && !categories.isEmpty()) {
                throw new IllegalArgumentException("booster: splits by category (expected: by threshold)");
            }
            lefts = (List<?>) in(tree, "left_children");
            rights = (List<?>) in(tree, "right_children");
            columns = (List<?>) in(tree, "split_indices");
            conditions = (List<?>) in(tree, "split_conditions");
            missing = (List<?>) in(tree, "default_left");
            covers = (List<?>) in(tree, "sum_hessian");
        }

        int addTo(FlatTrees flat, int node) {
            double cover = number(covers, node).doubleValue();
            float condition = number(conditions, node).floatValue();
            int left = number(lefts, node).intValue();
            if (left < 0) {
                return flat.leaf(new double[] {condition}, cover);
            }
            int flatLeft = addTo(flat, left);
            int flatRight = addTo(flat, number(rights, node).intValue());
            return flat.split(
                    number(columns, node).intValue(),
                    condition,
                    number(missing, node).intValue() != 0,
                    flatLeft,
                    flatRight,
                    cover);
        }

        private static Number number(List<?> numbers, int node) {
            return switch (nonNull(numbers.get(node))) {
                case Boolean truth -> truth ? 1 : 0;
                case Object number -> (Number) number;
            };
        }
    }

    private static void require(String what, Object is, String expected) {
        if (!is.equals(expected)) {
            throw new IllegalArgumentException(what + ": " + is + " (expected: " + expected + ")");
        }
    }

    private static Object in(Object object, String member) {
        return nonNull(((Map<?, ?>) object).get(member));
    }

    private static Object nonNull(@Nullable Object member) {
        if (member == null) {
            throw new IllegalArgumentException("booster: a member is missing");
        }
        return member;
    }
}

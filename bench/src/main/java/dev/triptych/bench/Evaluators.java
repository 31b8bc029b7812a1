package dev.triptych.bench;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.runtime.tribuo.TribuoModelLoader;
import dev.triptych.runtime.tribuo.TribuoModelTrainer;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.Predictor;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import dev.triptych.store.models.domain.evaluator.Evaluator;
import dev.triptych.store.models.domain.evaluator.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import org.tribuo.Model;
import org.tribuo.common.xgboost.XGBoostModel;
import org.tribuo.protos.core.ModelProto;

/**
 * One thread's evaluation of 100 trees of depth 6 over 12 numbers, a twentieth of them missing: the flat form against
 * XGBoost4J, in the faster of its two ways, and Tribuo. All predict with the same model; every figure is the median of
 * the runs.
 */
final class Evaluators implements Main.Benchmark {

    private static final int COLUMNS = 12;
    private static final int TREES = 100;
    private static final int BATCH = 1_024;
    /** So many different rows that neither caches nor branch predictors learn them by heart. */
    private static final int ROWS = 16 * BATCH;

    private static final int RUNS = 7;

    private interface Rows {
        /** Evaluates this many rows, and adds up the scores so that none is left out. */
        double evaluate(int rows) throws Exception;
    }

    private interface Margin {
        float predict(float[] row) throws Exception;
    }

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        long nanos = quick ? 200_000_000L : 1_000_000_000L;
        Signature signature = signature();
        List<List<Value>> rows = rows(ROWS, 1);
        byte[] artifact = artifact(signature);
        var loader = new TribuoModelLoader();
        long before = System.nanoTime();
        Predictor predictor = loader.load(artifact, signature);
        double loadMillis = (System.nanoTime() - before) / 1e6;
        Predictor tribuo = loader.unflattened(artifact, signature);
        Evaluator evaluator = loader.evaluator(artifact, signature).orElseThrow();
        double[] numbers = numbers(rows, evaluator.columns());

        double single = perSecond(nanos, BATCH, singles(evaluator, numbers));
        double batch = perSecond(nanos, BATCH, batches(evaluator, numbers));
        double values = perSecond(nanos, BATCH, count -> predict(predictor, rows, count));
        double booster = boosted(nanos, artifact, numbers, evaluator.columns());
        double library = perSecond(nanos, 1, count -> predict(tribuo, rows, count));
        return List.of(
                Figure.atLeast("evaluator-row", single, "rows/s", library, 1_500_000),
                Figure.ofRatio("evaluator-row-xgboost4j", single, "rows/s", booster, 15),
                Figure.atLeast("evaluator-batch-1024", batch, "rows/s", booster, 3_000_000),
                Figure.ofRatio("predictor-row-xgboost4j", values, "rows/s", booster, 15),
                Figure.atMost("load-and-check", loadMillis, "ms", 2_000));
    }

    private static Rows singles(Evaluator evaluator, double[] numbers) {
        int columns = evaluator.columns();
        double[] row = new double[columns];
        double[] scores = new double[evaluator.outputs()];
        Scratch scratch = evaluator.scratch();
        int[] next = {0};
        return count -> {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                System.arraycopy(numbers, next[0] * columns, row, 0, columns);
                next[0] = (next[0] + 1) % ROWS;
                evaluator.evaluate(row, 1, scores, scratch);
                sum += scores[0];
            }
            return sum;
        };
    }

    private static Rows batches(Evaluator evaluator, double[] numbers) {
        int columns = evaluator.columns();
        double[][] batches = IntStream.range(0, ROWS / BATCH)
                .mapToObj(batch -> Arrays.copyOfRange(numbers, batch * BATCH * columns, (batch + 1) * BATCH * columns))
                .toArray(double[][]::new);
        double[] scores = new double[BATCH * evaluator.outputs()];
        Scratch scratch = evaluator.scratch();
        int[] next = {0};
        return count -> {
            evaluator.evaluate(batches[next[0]], BATCH, scores, scratch);
            next[0] = (next[0] + 1) % batches.length;
            return scores[0] + scores[BATCH - 1];
        };
    }

    /** XGBoost4J one row at a time, over a matrix of one row or in place, whichever is faster. */
    private static double boosted(long nanos, byte[] artifact, double[] numbers, int columns) throws Exception {
        var model = (XGBoostModel<?>) Model.deserialize(ModelProto.parseFrom(artifact));
        Booster booster = model.getInnerModels().getFirst();
        booster.setParam("nthread", 1);
        double matrices = perSecond(nanos, 16, boosted(numbers, columns, row -> {
            var matrix = new DMatrix(row, 1, columns, Float.NaN);
            float score = booster.predict(matrix)[0][0];
            matrix.dispose();
            return score;
        }));
        double inPlace = perSecond(
                nanos, 16, boosted(numbers, columns, row -> booster.inplace_predict(row, 1, columns, Float.NaN)[0][0]));
        return Math.max(matrices, inPlace);
    }

    private static Rows boosted(double[] numbers, int columns, Margin booster) {
        float[] row = new float[columns];
        int[] next = {0};
        return count -> {
            double sum = 0;
            for (int i = 0; i < count; i++) {
                for (int column = 0; column < columns; column++) {
                    row[column] = (float) numbers[next[0] * columns + column];
                }
                next[0] = (next[0] + 1) % ROWS;
                sum += booster.predict(row);
            }
            return sum;
        };
    }

    private static double predict(Predictor predictor, List<List<Value>> rows, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += predictor.predict(rows.get((int) (Math.abs(sum * 1e6) % ROWS)))[0];
        }
        return sum;
    }

    /** The median of the runs, after as many to warm up. */
    private static double perSecond(long nanos, int atOnce, Rows rows) throws Exception {
        double[] perSecond = new double[RUNS];
        double sum = 0;
        for (int run = -RUNS; run < RUNS; run++) {
            long from = System.nanoTime();
            long done = 0;
            while (System.nanoTime() - from < nanos) {
                sum += rows.evaluate(atOnce);
                done += atOnce;
            }
            perSecond[Math.max(run, 0)] = done * 1e9 / (System.nanoTime() - from);
        }
        if (Double.isNaN(sum)) {
            throw new IllegalStateException("a score was not a number");
        }
        Arrays.sort(perSecond);
        return perSecond[RUNS / 2];
    }

    private static byte[] artifact(Signature signature) {
        List<List<Value>> rows = rows(20_000, 2);
        var labels = new ArrayList<Value>();
        var noise = new SplittableRandom(3);
        for (List<Value> row : rows) {
            double label = noise.nextGaussian();
            for (int column = 0; column < COLUMNS; column++) {
                label += row.get(column) instanceof Value.Float64 number ? Math.sin(number.value() * (column + 1)) : 1;
            }
            labels.add(new Value.Float64(label));
        }
        var trainer = new TrainerDefinition(
                "xgboost", Map.of("trees", Integer.toString(TREES), "max-depth", "6", "min-child-weight", "0"));
        return new TribuoModelTrainer()
                .fit(trainer, List.of(), signature, rows, labels, 1)
                .artifact();
    }

    private static List<List<Value>> rows(int count, long seed) {
        var random = new SplittableRandom(seed);
        var rows = new ArrayList<List<Value>>();
        for (int row = 0; row < count; row++) {
            var values = new ArrayList<Value>();
            for (int column = 0; column < COLUMNS; column++) {
                values.add(random.nextInt(20) == 0 ? Value.Null.NULL : new Value.Float64(random.nextDouble() * 6));
            }
            rows.add(List.copyOf(values));
        }
        return rows;
    }

    /** The features' ids follow their names; the one that is always 1 comes first. */
    private static double[] numbers(List<List<Value>> rows, int columns) {
        double[] numbers = new double[rows.size() * columns];
        for (int row = 0; row < rows.size(); row++) {
            numbers[row * columns] = 1;
            for (int column = 0; column < COLUMNS; column++) {
                numbers[row * columns + column + 1] =
                        rows.get(row).get(column) instanceof Value.Float64 number ? number.value() : Double.NaN;
            }
        }
        return numbers;
    }

    private static Signature signature() {
        List<FeatureRead> inputs = IntStream.range(0, COLUMNS)
                .mapToObj(column -> new FeatureRead(
                        "v",
                        "f" + (char) ('a' + column),
                        FeatureType.FLOAT64,
                        Optional.empty(),
                        FeatureRead.Boundary.INCLUSIVE))
                .toList();
        return new Signature("thing", inputs, Task.REGRESSION, "v.label", List.of("v.label"));
    }
}

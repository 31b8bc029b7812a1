package dev.triptych.store.models.domain.evaluator;

/** Weights times numbers, column by column, the bias last; a missing number is left out. */
public final class LinearEvaluator implements Evaluator {

    private final int columns;
    private final int outputs;
    private final double[] weights;
    private final boolean softmax;

    /**
     * @param weights by output, then by column in the order they are summed; the last is the bias
     * @param softmax whether the sums are made probabilities
     */
    public LinearEvaluator(double[][] weights, boolean softmax) {
        this.outputs = weights.length;
        this.columns = weights[0].length - 1;
        this.softmax = softmax;
        this.weights = new double[outputs * (columns + 1)];
        for (int output = 0; output < outputs; output++) {
            System.arraycopy(weights[output], 0, this.weights, output * (columns + 1), columns + 1);
        }
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, 0, 0, 0);
    }

    @Override
    public void evaluate(double[] rows, int count, double[] scores, Scratch scratch) {
        for (int row = 0; row < count; row++) {
            for (int output = 0; output < outputs; output++) {
                scores[row * outputs + output] = sum(rows, row * columns, output * (columns + 1));
            }
            if (softmax) {
                softmax(scores, row * outputs);
            }
        }
    }

    @Override
    public Contributions explain(double[] row) {
        var contributions = new Contributions(new double[outputs], columns);
        for (int output = 0; output < outputs; output++) {
            int from = output * (columns + 1);
            contributions.addBase(output, weights[from + columns]);
            for (int column = 0; column < columns; column++) {
                if (!Double.isNaN(row[column])) {
                    contributions.add(column, output, weights[from + column] * row[column]);
                }
            }
        }
        return contributions;
    }

    @Override
    public long stepsToExplain() {
        return weights.length;
    }

    private double sum(double[] rows, int row, int from) {
        double sum = 0;
        for (int column = 0; column < columns; column++) {
            double number = rows[row + column];
            if (!Double.isNaN(number)) {
                sum += weights[from + column] * number;
            }
        }
        return sum + weights[from + columns];
    }

    /** As Tribuo's exponential normalizer. */
    private void softmax(double[] scores, int from) {
        double largest = -Double.MAX_VALUE;
        for (int output = from; output < from + outputs; output++) {
            largest = largest < scores[output] ? scores[output] : largest;
        }
        double total = 0;
        for (int output = from; output < from + outputs; output++) {
            scores[output] = Math.exp(scores[output] - largest);
            total += scores[output];
        }
        for (int output = from; output < from + outputs; output++) {
            scores[output] /= total;
        }
    }
}

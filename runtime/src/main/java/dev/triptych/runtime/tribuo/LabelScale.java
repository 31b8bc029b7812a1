package dev.triptych.runtime.tribuo;

/** Mean and deviation of a regression's labels. A deviation of 0 counts as 1. */
record LabelScale(double mean, double deviation) {

    static LabelScale of(double[] labels) {
        double sum = 0;
        for (double label : labels) {
            sum += label;
        }
        double mean = sum / labels.length;
        double squares = 0;
        for (double label : labels) {
            squares += (label - mean) * (label - mean);
        }
        double deviation = Math.sqrt(squares / labels.length);
        return new LabelScale(mean, deviation == 0 ? 1 : deviation);
    }

    double scaled(double label) {
        return (label - mean) / deviation;
    }
}

package dev.triptych.training.domain;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The columns of a training dataset.
 *
 * @param label what the spine's rows carry
 * @param reads the model's inputs in order, then what only split and baselines look at
 * @param inputs how many of the reads are the model's inputs
 * @param group index among the reads of the value that groups rows for the split; empty to group by key
 */
public record DatasetSchema(FeatureRead label, List<FeatureRead> reads, int inputs, OptionalInt group) {
    public DatasetSchema {
        reads = List.copyOf(reads);
    }

    /** @throws UnusableDatasetException if split or baselines name a feature that the entity's views do not have */
    public static DatasetSchema of(SystemDefinition system, TrainingPipelineDefinition pipeline) {
        var reads = new ArrayList<>(pipeline.features());
        for (BaselineDefinition baseline : pipeline.baselines()) {
            baseline.input().ifPresent(name -> indexOf(name, reads, system, pipeline));
        }
        OptionalInt group = pipeline.split().group().isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(indexOf(pipeline.split().group().get(), reads, system, pipeline));
        return new DatasetSchema(pipeline.label(), reads, pipeline.features().size(), group);
    }

    /** The index of a read by {@code view.feature}, or by the feature's bare name. */
    public OptionalInt indexOf(String name) {
        return indexIn(reads, name);
    }

    /** Every view that the dataset is read from. */
    public List<String> views() {
        return Stream.concat(Stream.of(label), reads.stream())
                .map(FeatureRead::view)
                .distinct()
                .toList();
    }

    /** Reads what is not read already, at the end. */
    private static int indexOf(
            String name, List<FeatureRead> reads, SystemDefinition system, TrainingPipelineDefinition pipeline) {
        OptionalInt known = indexIn(reads, name);
        if (known.isPresent()) {
            return known.getAsInt();
        }
        reads.add(system.views().stream()
                .filter(view -> view.entity().equals(pipeline.entity()))
                .flatMap(view -> view.reads().stream())
                .filter(read -> isNamed(read, name))
                .findFirst()
                .orElseThrow(() -> new UnusableDatasetException(pipeline.name() + ": " + name
                        + " (expected: a feature of a view of " + pipeline.entity() + ")")));
        return reads.size() - 1;
    }

    private static OptionalInt indexIn(List<FeatureRead> reads, String name) {
        for (int index = 0; index < reads.size(); index++) {
            if (isNamed(reads.get(index), name)) {
                return OptionalInt.of(index);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean isNamed(FeatureRead read, String name) {
        return read.name().equals(name) || read.feature().equals(name);
    }
}

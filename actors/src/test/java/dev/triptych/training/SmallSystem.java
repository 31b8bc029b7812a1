package dev.triptych.training;

import dev.triptych.definition.domain.BaselineDefinition;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.GateDefinition;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunRequest;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A system of people who may like a thing: two features, a label that arrives later, and a group. Whoever has a colour
 * that is red likes it, except for every tenth.
 */
final class SmallSystem {

    static final String MODEL = "small/likes";
    static final int PEOPLE = 60;
    static final FeatureRead COLOUR = read("looks", "colour", FeatureType.STRING);
    static final FeatureRead SIZE = read("looks", "size", FeatureType.FLOAT64);
    static final FeatureRead HOUSE = read("looks", "house", FeatureType.STRING);
    static final FeatureRead LIKES = read("opinions", "likes", FeatureType.BOOL);

    private SmallSystem() {}

    static SystemDefinition system(SplitDefinition split, List<GateDefinition> gates) {
        return system(split, gates, new TrainerDefinition("scripted", Map.of()));
    }

    static SystemDefinition system(SplitDefinition split, List<GateDefinition> gates, TrainerDefinition trainer) {
        var pipeline = new TrainingPipelineDefinition(
                "likes",
                new Cadence.Manual(),
                "likes",
                "person",
                Task.CLASSIFICATION,
                LIKES,
                List.of(COLOUR, SIZE),
                List.of(),
                trainer,
                List.of(),
                split,
                42,
                List.of(new BaselineDefinition("colour-only", Optional.of("looks.colour"))),
                gates,
                "accuracy",
                TrainingPipelineDefinition.Promotion.AUTOMATIC);
        return new SystemDefinition(
                "small",
                "",
                "definition-hash",
                Path.of("."),
                List.of(new EntityDefinition("person", "name")),
                List.of(view("looks", COLOUR, SIZE, HOUSE), view("opinions", LIKES)),
                List.of(),
                List.of(pipeline),
                List.of(),
                List.of());
    }

    static RunRequest request(String runId) {
        return new RunRequest(
                runId, new PipelineId("small", PipelineKind.TRAINING, "likes"), 1, 0, Map.of(), Optional.empty());
    }

    /** @param closed run when the reader closes */
    static OfflineStore.Histories read(List<OfflineStore.KeyHistory> histories, Runnable closed) {
        Iterator<OfflineStore.KeyHistory> iterator = histories.iterator();
        return new OfflineStore.Histories() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public OfflineStore.KeyHistory next() {
                return iterator.next();
            }

            @Override
            public void close() {
                closed.run();
            }
        };
    }

    /** Person number n has features from time n on, and an opinion a second later; the last has none yet. */
    static List<OfflineStore.KeyHistory> histories() {
        var histories = new ArrayList<OfflineStore.KeyHistory>();
        for (int person = 0; person < PEOPLE; person++) {
            boolean red = person % 2 == 0;
            boolean likes = red != (person % 10 == 9);
            var looks = new FeatureEvent.RowsWritten(
                    "looks",
                    List.of("colour", "size", "house"),
                    "sfs",
                    List.of(new FeatureRow(
                            person,
                            List.of(
                                    new Value.Text(red ? "red" : "blue"),
                                    new Value.Float64(person),
                                    new Value.Text("house-" + person / 3)))),
                    1_000_000 + person,
                    Optional.empty());
            var opinion = new FeatureEvent.RowsWritten(
                    "opinions",
                    List.of("likes"),
                    "b",
                    List.of(new FeatureRow(
                            person + 1_000_000L,
                            List.of(person == PEOPLE - 1 ? Value.Null.NULL : new Value.Bool(likes)))),
                    2_000_000 + person,
                    Optional.empty());
            histories.add(new OfflineStore.KeyHistory("p%03d".formatted(person), List.of(looks, opinion)));
        }
        return histories;
    }

    /** An offline store that holds some histories, whatever the horizon, and counts how often it was frozen. */
    static final class FixedOfflineStore implements OfflineStore {
        private final List<KeyHistory> histories;
        int frozen;

        FixedOfflineStore(List<KeyHistory> histories) {
            this.histories = histories;
        }

        @Override
        public CompletionStage<Horizon> freeze() {
            frozen++;
            return CompletableFuture.completedFuture(new Horizon(7, 70 + frozen));
        }

        @Override
        public Histories histories(String system, String entity, List<String> views, Horizon horizon) {
            return read(histories, () -> {});
        }
    }

    private static ViewDefinition view(String name, FeatureRead... reads) {
        return new ViewDefinition(
                name,
                "person",
                Optional.empty(),
                FeatureRead.Boundary.INCLUSIVE,
                java.util.Arrays.stream(reads)
                        .map(read -> new FeatureDefinition(read.feature(), read.type()))
                        .toList(),
                "view-hash");
    }

    private static FeatureRead read(String view, String feature, FeatureType type) {
        return new FeatureRead(view, feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }
}

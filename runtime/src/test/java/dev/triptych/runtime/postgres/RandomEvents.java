package dev.triptych.runtime.postgres;

import dev.triptych.inference.domain.PredictionEvent.PredictionsLogged;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.domain.FeatureEvent.Erased;
import dev.triptych.store.features.domain.FeatureEvent.RowsWritten;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Writes events of every kind to a journal and remembers what must be found of them. */
public final class RandomEvents {

    public static final String SYSTEM = "titanic";
    public static final String ENTITY = "passenger";
    public static final List<String> VIEWS = List.of("ticket", "person");

    /** Names that would clash as columns, and schemas that change within a view. */
    private static final List<List<String>> NAMES =
            List.of(List.of("fare", "Fare", "key"), List.of("fare", "class"), List.of("sex", "age", "born", "married"));

    private static final List<String> TYPES = List.of("fif", "sf", "sftb");

    private static final List<String> KEYS =
            List.of("1", "10", "2", "a b/c|d'e", "é", "\uE000", "\uD83D\uDE00", "Z", "z");

    public record WrittenEvent(String key, Horizon at, long sequenceNr, RowsWritten event) {}

    /** Where events go; answers each one's place. */
    public interface Journal {
        Horizon write(String persistenceId, long sequenceNr, Object event);
    }

    private final Journal journal;
    private final Random random;
    private final Map<String, Long> sequenceNrs = new HashMap<>();
    private final List<WrittenEvent> events = new ArrayList<>();
    private final List<PredictionRecord> predictions = new ArrayList<>();

    public RandomEvents(Journal journal, long seed) {
        this.journal = journal;
        this.random = new Random(seed);
    }

    public List<WrittenEvent> events() {
        return events;
    }

    List<PredictionRecord> predictions() {
        return predictions;
    }

    void write(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(8)) {
                case 0 -> writePredictions();
                case 1 -> journal.write("scheduler", next("scheduler"), "an event that nobody projects");
                default -> writeRows();
            }
        }
    }

    public void writeRows() {
        var key = KEYS.get(random.nextInt(KEYS.size()));
        int schema = random.nextInt(NAMES.size());
        var types = TYPES.get(schema);
        var rows = new ArrayList<FeatureRow>();
        for (int row = random.nextInt(3); row >= 0; row--) {
            var values = types.chars().mapToObj(type -> value((char) type)).toList();
            rows.add(new FeatureRow(random.nextLong(4_000_000_000_000_000L) - 1_000_000_000_000_000L, values));
        }
        var view = VIEWS.get(schema == 2 ? 1 : 0);
        var event = new RowsWritten(
                view, NAMES.get(schema), types, rows, 1_700_000_000_000_000L + events.size(), Optional.empty());
        var persistenceId = "feature|" + SYSTEM + "/" + ENTITY + "/" + key;
        long sequenceNr = next(persistenceId);
        events.add(new WrittenEvent(key, journal.write(persistenceId, sequenceNr, event), sequenceNr, event));
    }

    /** Erases the entity that was written last; what it was written is expected nowhere any more. */
    void erase() {
        var key = events.getLast().key();
        var persistenceId = "feature|" + SYSTEM + "/" + ENTITY + "/" + key;
        journal.write(persistenceId, next(persistenceId), new Erased(1_800_000_000_000_000L, 0, "test", "test"));
        events.removeIf(written -> written.key().equals(key));
    }

    void writePredictions() {
        var records = new ArrayList<PredictionRecord>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            records.add(prediction("%08d".formatted(predictions.size() + records.size())));
        }
        journal.write(
                "prediction-log|one", next("prediction-log|one"), new PredictionsLogged(records, "chained elsewhere"));
        predictions.addAll(records);
    }

    private PredictionRecord prediction(String id) {
        boolean byKey = random.nextBoolean();
        return new PredictionRecord(
                id,
                SYSTEM,
                random.nextBoolean() ? "live" : "shadow",
                "survival",
                1 + random.nextInt(3),
                byKey ? Optional.of(KEYS.get(random.nextInt(KEYS.size()))) : Optional.empty(),
                random.nextInt(50),
                random.nextLong(),
                byKey ? List.of() : List.of(value('s'), value('f'), value('i'), value('b')),
                List.of(random.nextDouble(), Double.longBitsToDouble(random.nextLong()), -0.0, Double.MIN_VALUE),
                1_700_000_000_000_000L + predictions.size(),
                random.nextBoolean() ? Optional.of("run-" + random.nextInt(2)) : Optional.empty(),
                random.nextInt(4) == 0 ? Optional.of("answered") : Optional.empty());
    }

    private Value value(char type) {
        if (random.nextInt(6) == 0) {
            return Value.Null.NULL;
        }
        return switch (type) {
            case 'b' -> new Value.Bool(random.nextBoolean());
            case 'i' -> new Value.Int64(random.nextLong());
            case 't' -> new Value.Int64(random.nextLong(4_000_000_000_000_000L));
            case 'f' ->
                new Value.Float64(
                        switch (random.nextInt(4)) {
                            case 0 -> random.nextInt(10);
                            case 1 -> -0.0;
                            case 2 -> Double.MIN_VALUE;
                            default -> random.nextGaussian();
                        });
            case 's' ->
                new Value.Text(random.nextInt(3) == 0 ? "" : "it's \"" + random.nextInt(100) + "\" \uD83D\uDE00");
            default -> throw new IllegalArgumentException("type code: " + type);
        };
    }

    private long next(String persistenceId) {
        return sequenceNrs.merge(persistenceId, 1L, Long::sum);
    }
}

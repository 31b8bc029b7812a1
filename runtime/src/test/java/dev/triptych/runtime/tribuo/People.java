package dev.triptych.runtime.tribuo;

import dev.triptych.definition.domain.TrainerDefinition;
import dev.triptych.definition.domain.TransformationDefinition;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.store.models.domain.Signature;
import dev.triptych.store.models.domain.Task;
import dev.triptych.training.ModelTrainer.Fitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Rows made by a rule with noise, from a seed: text, a number that may be missing, a whole number and a bool. */
final class People {

    static final FeatureRead SEX = read("sex", FeatureType.STRING);
    static final FeatureRead AGE = read("age", FeatureType.FLOAT64);
    static final FeatureRead SIBLINGS = read("siblings", FeatureType.INT64);
    static final FeatureRead TALL = read("tall", FeatureType.BOOL);
    static final Signature SURVIVAL = new Signature(
            "person", List.of(SEX, AGE, SIBLINGS, TALL), Task.CLASSIFICATION, "v.survived", List.of("false", "true"));
    static final Signature FARE =
            new Signature("person", List.of(SEX, AGE, SIBLINGS, TALL), Task.REGRESSION, "v.fare", List.of("v.fare"));
    static final List<TransformationDefinition> IMPUTED_AGE =
            List.of(new TransformationDefinition("v.age", "impute-mean"));

    final List<List<Value>> rows = new ArrayList<>();
    final List<Value> survived = new ArrayList<>();
    final List<Value> fares = new ArrayList<>();

    /** @param missing share of the ages that are missing */
    People(int count, double missing) {
        var random = new Random(1);
        for (int person = 0; person < count; person++) {
            boolean woman = random.nextBoolean();
            double age = Math.rint(random.nextDouble() * 800) / 10;
            long siblings = random.nextInt(4);
            boolean tall = random.nextBoolean();
            rows.add(List.of(
                    new Value.Text(woman ? "female" : "male"),
                    random.nextDouble() < missing ? Value.Null.NULL : new Value.Float64(age),
                    new Value.Int64(siblings),
                    new Value.Bool(tall)));
            double chance = woman ? 0.85 : age < 12 ? 0.7 : 0.15;
            survived.add(new Value.Bool(random.nextDouble() < chance));
            fares.add(new Value.Float64(100_000 + 900 * age + 20_000 * siblings + random.nextGaussian() * 1_000));
        }
    }

    Fitted classifier(String kind, Map<String, String> parameters) {
        return new TribuoModelTrainer()
                .fit(new TrainerDefinition(kind, parameters), IMPUTED_AGE, SURVIVAL, rows, survived, 42);
    }

    Fitted regressor(String kind, Map<String, String> parameters) {
        return new TribuoModelTrainer()
                .fit(new TrainerDefinition(kind, parameters), IMPUTED_AGE, FARE, rows, fares, 42);
    }

    static FeatureRead read(String feature, FeatureType type) {
        return new FeatureRead("v", feature, type, Optional.empty(), FeatureRead.Boundary.INCLUSIVE);
    }
}

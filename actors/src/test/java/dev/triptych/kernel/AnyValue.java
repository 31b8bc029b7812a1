package dev.triptych.kernel;

import akka.actor.typed.ActorRef;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Values of any type that messages are made of, drawn at random: every component is filled. */
final class AnyValue {

    private static final int TRIES_MAX = 200;

    private final Random random;
    private final ActorRef<?> actor;

    AnyValue(Random random, ActorRef<?> actor) {
        this.random = random;
        this.actor = actor;
    }

    /** A record of this class, whose constructor may refuse some. */
    Object record(Class<?> type) {
        RuntimeException refused = new IllegalStateException("never tried");
        for (int i = 0; i < TRIES_MAX; i++) {
            try {
                RecordComponent[] components = type.getRecordComponents();
                var types = new Class<?>[components.length];
                var values = new Object[components.length];
                for (int c = 0; c < components.length; c++) {
                    types[c] = components[c].getType();
                    values[c] = of(components[c].getGenericType());
                }
                var constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (java.lang.reflect.InvocationTargetException e) {
                refused = new IllegalStateException(type + " refuses what was drawn", e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type.toString(), e);
            }
        }
        throw refused;
    }

    private Object of(Type type) {
        if (type instanceof ParameterizedType of) {
            return of((Class<?>) of.getRawType(), of.getActualTypeArguments());
        }
        return of((Class<?>) type, new Type[0]);
    }

    private Object of(Class<?> type, Type[] arguments) {
        if (type == Optional.class) {
            return Optional.of(of(arguments[0]));
        }
        if (type == List.class) {
            return new ArrayList<>(List.of(of(arguments[0]), of(arguments[0])));
        }
        if (type == Set.class) {
            return Set.of(of(arguments[0]));
        }
        if (type == Map.class) {
            return new HashMap<>(Map.of(of(arguments[0]), of(arguments[1])));
        }
        if (type == SortedMap.class) {
            return new TreeMap<>(Map.of(of(arguments[0]), of(arguments[1])));
        }
        if (ActorRef.class.isAssignableFrom(type)) {
            return actor;
        }
        if (type == String.class || type == Object.class) {
            return "s" + random.nextInt(1_000);
        }
        if (type == int.class || type == Integer.class) {
            return random.nextInt(1, 100);
        }
        if (type == long.class || type == Long.class) {
            return random.nextLong(1, 1_000_000);
        }
        if (type == double.class || type == Double.class) {
            return random.nextDouble();
        }
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        }
        if (type == Duration.class) {
            return Duration.ofMillis(random.nextInt(1, 100_000));
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(random.nextInt());
        }
        if (type.isEnum()) {
            Object[] constants = type.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        if (type.isSealed()) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            return of(permitted[random.nextInt(permitted.length)], new Type[0]);
        }
        if (type.isRecord()) {
            return record(type);
        }
        if (type == byte[].class) {
            var bytes = new byte[8];
            random.nextBytes(bytes);
            return bytes;
        }
        throw new IllegalStateException("no value of " + type + " can be drawn; tell this class how");
    }
}

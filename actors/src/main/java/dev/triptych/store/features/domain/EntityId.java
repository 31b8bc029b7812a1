package dev.triptych.store.features.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Invalid;
import java.util.Optional;

/**
 * Names one entity of one system: {@code titanic/passenger/1042}.
 *
 * @param system name of the system
 * @param entity name of the entity type
 * @param key the entity's key, 1 to {@value #KEY_LENGTH_MAX} characters, none of them a control character
 */
public record EntityId(String system, String entity, String key) implements CborSerializable {

    public static final int KEY_LENGTH_MAX = 200;

    /** The sharding id. System and entity names hold no slash, a key may. */
    public String path() {
        return system + "/" + entity + "/" + key;
    }

    /**
     * Why a text cannot be a key; empty if it can.
     *
     * @param field path of the text, as the caller wrote it
     */
    public static Optional<Invalid> unfit(String key, String field) {
        boolean fits =
                !key.isEmpty() && key.length() <= KEY_LENGTH_MAX && key.chars().noneMatch(Character::isISOControl);
        return fits
                ? Optional.empty()
                : Optional.of(new Invalid(
                        field,
                        key.isEmpty() ? "empty" : key,
                        "1 to " + KEY_LENGTH_MAX + " characters, none of them a control character"));
    }

    public static EntityId parse(String path) {
        int first = path.indexOf('/');
        int second = path.indexOf('/', first + 1);
        if (first < 0 || second < 0) {
            throw new IllegalArgumentException("entity: " + path + " (expected: system/entity/key)");
        }
        return new EntityId(path.substring(0, first), path.substring(first + 1, second), path.substring(second + 1));
    }
}

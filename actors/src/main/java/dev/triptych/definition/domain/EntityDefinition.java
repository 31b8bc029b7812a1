package dev.triptych.definition.domain;

/**
 * What has a key.
 *
 * @param name for example {@code passenger}
 * @param key the column that holds the key in every transformation's result
 */
public record EntityDefinition(String name, String key) {}

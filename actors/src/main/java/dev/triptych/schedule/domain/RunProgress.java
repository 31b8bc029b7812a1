package dev.triptych.schedule.domain;

import dev.triptych.kernel.CborSerializable;

/**
 * How far a run is.
 *
 * @param phase what it is doing, for people: {@code writing rows}
 * @param done of the phase's unit
 * @param total 0 where it is not known
 */
public record RunProgress(String phase, long done, long total) implements CborSerializable {}

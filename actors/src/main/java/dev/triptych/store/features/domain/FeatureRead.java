package dev.triptych.store.features.domain;

import dev.triptych.kernel.CborSerializable;
import java.util.Optional;

/**
 * One feature to read and the rules it is read by; part of a model's signature, so that a replay needs no definition.
 *
 * @param view the feature view
 * @param feature the feature's name in it
 * @param type what the reader expects
 * @param ttlMicros a value older than {@code asOf - ttl} is outside its maximum age; that instant still counts
 * @param boundary whether a row at exactly {@code asOf} is visible
 */
public record FeatureRead(String view, String feature, FeatureType type, Optional<Long> ttlMicros, Boundary boundary)
        implements CborSerializable {

    public enum Boundary {
        INCLUSIVE,
        EXCLUSIVE;

        /** The last event time that is visible as of an instant. */
        public long last(long asOfMicros) {
            return this == INCLUSIVE ? asOfMicros : asOfMicros - 1;
        }
    }

    /** {@code view.feature}, as definitions and clients write it. */
    public String name() {
        return view + "." + feature;
    }
}

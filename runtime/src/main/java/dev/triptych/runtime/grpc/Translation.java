package dev.triptych.runtime.grpc;

import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import dev.triptych.kernel.Micros;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.v1.FeatureValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Values and times between the wire and the domain. */
final class Translation {

    /** 0001-01-01 to 9999-12-31, protobuf's own range. */
    private static final long SECONDS_MIN = -62_135_596_800L;

    private static final long SECONDS_MAX = 253_402_300_799L;

    private Translation() {}

    /**
     * The value as the feature's type; whole numbers widen to float64.
     *
     * @param field the path to name where it does not fit
     */
    static Value value(dev.triptych.v1.Value wire, FeatureType type, String field) {
        Value value = value(wire, field);
        if (type == FeatureType.FLOAT64 && value instanceof Value.Int64(long whole)) {
            value = new Value.Float64(whole);
        }
        if (!type.holds(value)) {
            throw Statuses.invalid(field, String.valueOf(value.raw()), type.label());
        }
        return value;
    }

    static Value value(dev.triptych.v1.Value wire, String field) {
        return switch (wire.getKindCase()) {
            case NULL, KIND_NOT_SET -> Value.Null.NULL;
            case BOOL -> new Value.Bool(wire.getBool());
            case INT64 -> new Value.Int64(wire.getInt64());
            case FLOAT64 -> {
                if (!Double.isFinite(wire.getFloat64())) {
                    throw Statuses.invalid(field, Double.toString(wire.getFloat64()), "a finite number, or null");
                }
                yield new Value.Float64(wire.getFloat64());
            }
            case TEXT -> {
                if (wire.getText().length() > Value.Text.LENGTH_MAX) {
                    throw Statuses.invalid(field, wire.getText(), "at most " + Value.Text.LENGTH_MAX + " characters");
                }
                yield new Value.Text(wire.getText());
            }
            case TIMESTAMP -> new Value.Int64(micros(wire.getTimestamp(), field));
        };
    }

    static dev.triptych.v1.Value wire(Value value, FeatureType type) {
        var wire = dev.triptych.v1.Value.newBuilder();
        switch (value) {
            case Value.Null missing -> wire.setNull(NullValue.NULL_VALUE);
            case Value.Bool(boolean bool) -> wire.setBool(bool);
            case Value.Int64(long number) -> {
                if (type == FeatureType.TIMESTAMP) {
                    wire.setTimestamp(timestamp(number));
                } else {
                    wire.setInt64(number);
                }
            }
            case Value.Float64(double number) -> wire.setFloat64(number);
            case Value.Text(String text) -> wire.setText(text);
        }
        return wire.build();
    }

    static FeatureValue wire(FeatureRead read, dev.triptych.store.features.domain.FeatureValue value) {
        var wire = FeatureValue.newBuilder()
                .setFeature(read.name())
                .setValue(wire(value.value(), read.type()))
                .setStatus(
                        switch (value.status()) {
                            case PRESENT -> FeatureValue.Status.PRESENT;
                            case NULL_VALUE -> FeatureValue.Status.NULL_VALUE;
                            case NOT_FOUND -> FeatureValue.Status.NOT_FOUND;
                            case OUTSIDE_MAX_AGE -> FeatureValue.Status.OUTSIDE_MAX_AGE;
                            case ERASED -> FeatureValue.Status.ERASED;
                        });
        value.eventMicros().ifPresent(micros -> wire.setEventTime(timestamp(micros)));
        return wire.build();
    }

    static Timestamp timestamp(long micros) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(micros, 1_000_000L))
                .setNanos(Math.floorMod(micros, 1_000_000) * 1_000)
                .build();
    }

    static Optional<Long> micros(boolean given, Timestamp timestamp, String field) {
        return given ? Optional.of(micros(timestamp, field)) : Optional.empty();
    }

    static long micros(Timestamp timestamp, String field) {
        boolean inRange = timestamp.getSeconds() >= SECONDS_MIN
                && timestamp.getSeconds() <= SECONDS_MAX
                && timestamp.getNanos() >= 0
                && timestamp.getNanos() < 1_000_000_000;
        try {
            if (inRange) {
                return Micros.of(Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos()));
            }
        } catch (DateTimeException | ArithmeticException e) {
            // Falls through to the one refusal below.
        }
        throw Statuses.invalid(
                field,
                timestamp.getSeconds() + "s " + timestamp.getNanos() + "ns",
                "a time between the years 1 and 9999");
    }

    /** Empty for proto3's "left out". */
    static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

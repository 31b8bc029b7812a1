package dev.triptych.runtime.cli;

import com.google.protobuf.Duration;
import com.google.protobuf.NullValue;
import com.google.protobuf.Timestamp;
import dev.triptych.v1.PipelineKind;
import dev.triptych.v1.Seal;
import dev.triptych.v1.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How words on the command line become values. */
final class Arguments {

    private Arguments() {}

    /** An instant that names its zone, such as {@code 2026-01-31T12:00:00Z}. */
    static final class Time implements ITypeConverter<Timestamp> {
        @Override
        public Timestamp convert(String text) {
            try {
                Instant instant = Instant.parse(text);
                return Timestamp.newBuilder()
                        .setSeconds(instant.getEpochSecond())
                        .setNanos(instant.getNano())
                        .build();
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        text + " (expected: a time with its zone, such as 2026-01-31T12:00:00Z)");
            }
        }
    }

    /** {@code number:hash}, as {@code audit verify} prints it. */
    static final class NotedSeal implements ITypeConverter<Seal> {
        @Override
        public Seal convert(String text) {
            if (!text.matches("\\d{1,18}:[0-9a-f]{64}")) {
                throw new TypeConversionException(
                        text + " (expected: a seal as 'audit verify' prints it, such as 17:9f86…, with 64 digits)");
            }
            int colon = text.indexOf(':');
            return Seal.newBuilder()
                    .setNumber(Long.parseLong(text.substring(0, colon)))
                    .setHash(text.substring(colon + 1))
                    .build();
        }
    }

    /** Where a node listens, {@code host:port}, or {@code [address]:port} for an IPv6 address. */
    static final class Address implements ITypeConverter<String> {

        private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+]):(\\d{1,5})");
        private static final int PORT_MAX = 65_535;

        @Override
        public String convert(String text) {
            Matcher parts = ADDRESS.matcher(text);
            if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX) {
                throw new TypeConversionException(text + " (expected: HOST:PORT, such as 127.0.0.1:"
                        + NodeOptions.PORT_DEFAULT + ", with a port up to " + PORT_MAX + ")");
            }
            return text;
        }
    }

    /** How long to wait, in whole seconds from 1. */
    static final class Seconds implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) == 0) {
                throw new TypeConversionException(text + " (expected: a whole number of seconds from 1)");
            }
            return Integer.valueOf(text);
        }
    }

    /** A length of time, such as {@code 90s}, {@code 5m}, {@code 1h} or {@code 7d}. */
    static final class Step implements ITypeConverter<Duration> {

        private static final Pattern STEP = Pattern.compile("(\\d{1,7})(s|m|h|d)");

        @Override
        public Duration convert(String text) {
            Matcher parts = STEP.matcher(text);
            if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
                throw new TypeConversionException(text + " (expected: a length of time such as 90s, 5m, 1h or 7d)");
            }
            long seconds = switch (parts.group(2)) {
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3_600;
                default -> 86_400;
            };
            return Duration.newBuilder()
                    .setSeconds(Long.parseLong(parts.group(1)) * seconds)
                    .build();
        }
    }

    /** {@code feature}, {@code training} or {@code inference}. */
    static final class Kind implements ITypeConverter<PipelineKind> {
        @Override
        public PipelineKind convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "feature" -> PipelineKind.FEATURE;
                case "training" -> PipelineKind.TRAINING;
                case "inference" -> PipelineKind.INFERENCE;
                default -> throw new TypeConversionException(text + " (expected: feature, training or inference)");
            };
        }
    }

    /** null, true, false, a whole number, a number, or else text. */
    static final class FeatureValue implements ITypeConverter<Value> {
        @Override
        public Value convert(String text) {
            var value = Value.newBuilder();
            if (text.equals("null")) {
                return value.setNull(NullValue.NULL_VALUE).build();
            }
            if (text.equals("true") || text.equals("false")) {
                return value.setBool(Boolean.parseBoolean(text)).build();
            }
            if (text.matches("[+-]?\\d{1,18}")) {
                return value.setInt64(Long.parseLong(text)).build();
            }
            if (text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
                return value.setFloat64(Double.parseDouble(text)).build();
            }
            return value.setText(text).build();
        }
    }
}

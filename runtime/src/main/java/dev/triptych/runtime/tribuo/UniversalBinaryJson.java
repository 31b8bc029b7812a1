package dev.triptych.runtime.tribuo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads UBJSON (draft 12), in which XGBoost writes its models; unlike its JSON, floats keep their bits. An object comes
 * as a map, an array as a list, a whole number as Long, others as Float or Double.
 */
final class UniversalBinaryJson {

    private static final int DEPTH_MAX = 64;

    private final ByteBuffer bytes;

    private UniversalBinaryJson(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    /** @throws IllegalArgumentException if the bytes are not of this format */
    static Map<?, ?> object(byte[] bytes) {
        try {
            if (new UniversalBinaryJson(bytes).value(0) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (java.nio.BufferUnderflowException cut) {
            throw new IllegalArgumentException("UBJSON: ends too early", cut);
        }
        throw new IllegalArgumentException("UBJSON: no object");
    }

    private @Nullable Object value(int depth) {
        return value((char) bytes.get(), depth);
    }

    private @Nullable Object value(char type, int depth) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("UBJSON: deeper than " + DEPTH_MAX);
        }
        return switch (type) {
            case 'Z' -> null;
            case 'T' -> true;
            case 'F' -> false;
            case 'd' -> bytes.getFloat();
            case 'D' -> bytes.getDouble();
            case 'S' -> text();
            case '[' -> array(depth);
            case '{' -> members(depth);
            default -> whole(type);
        };
    }

    private long whole(char type) {
        return switch (type) {
            case 'i' -> bytes.get();
            case 'U' -> bytes.get() & 0xff;
            case 'I' -> bytes.getShort();
            case 'l' -> bytes.getInt();
            case 'L' -> bytes.getLong();
            default -> throw new IllegalArgumentException("UBJSON: type " + (int) type);
        };
    }

    private int count() {
        long count = whole((char) bytes.get());
        if (count < 0 || count > bytes.remaining()) {
            throw new IllegalArgumentException("UBJSON: count " + count);
        }
        return (int) count;
    }

    private String text() {
        byte[] text = new byte[count()];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private List<@Nullable Object> array(int depth) {
        char type = skip('$') ? (char) bytes.get() : 0;
        int count = skip('#') ? count() : -1;
        var array = new ArrayList<@Nullable Object>();
        while (count < 0 ? !skip(']') : array.size() < count) {
            array.add(type == 0 ? value(depth + 1) : value(type, depth + 1));
        }
        return array;
    }

    private Map<String, @Nullable Object> members(int depth) {
        int count = skip('#') ? count() : -1;
        var members = new LinkedHashMap<String, @Nullable Object>();
        while (count < 0 ? !skip('}') : members.size() < count) {
            String name = text();
            members.put(name, value(depth + 1));
        }
        return members;
    }

    private boolean skip(char marker) {
        if (bytes.get(bytes.position()) != marker) {
            return false;
        }
        bytes.get();
        return true;
    }
}

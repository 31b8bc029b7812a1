package dev.triptych.runtime.duckdb;

import dev.triptych.feature.Extraction.UnreadableSourceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a UTF-8 file in order, with their numbers; ends of line are {@code \n} or {@code \r\n}, mixed or not. */
final class TextLines implements AutoCloseable {

    /** Longer ones are no lines of text: a binary file, or one whose line ends went missing. */
    private static final int LINE_BYTES_MAX = 4 << 20;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /**
     * @param number from 1
     * @param text without its end of line; with {@code �} for what is not UTF-8
     */
    record Line(long number, String text, boolean utf8) {}

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int at;
    private int end;
    private long number;

    TextLines(Path file) {
        this.file = file;
        try {
            this.in = Files.newInputStream(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The next line, or null after the last. */
    @Nullable
    Line next() {
        try {
            bytes.reset();
            number++;
            while (true) {
                if (at == end) {
                    end = Math.max(0, in.read(buffer));
                    at = 0;
                    if (end == 0) {
                        return bytes.size() == 0 ? null : line();
                    }
                }
                int newline = at;
                while (newline < end && buffer[newline] != '\n') {
                    newline++;
                }
                bytes.write(buffer, at, newline - at);
                if (bytes.size() > LINE_BYTES_MAX) {
                    String message = file.getFileName() + ":" + number + ": more than " + LINE_BYTES_MAX
                            + " bytes without an end of line (expected: lines of text)";
                    throw new UnreadableSourceException(message, List.of(message));
                }
                at = newline + 1;
                if (newline < end) {
                    return line();
                }
                at = end;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private Line line() {
        byte[] all = bytes.toByteArray();
        int length = all.length > 0 && all[all.length - 1] == '\r' ? all.length - 1 : all.length;
        try {
            String text = strict.decode(ByteBuffer.wrap(all, 0, length)).toString();
            boolean marked = number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
            return new Line(number, marked ? text.substring(1) : text, true);
        } catch (CharacterCodingException e) {
            return new Line(number, new String(all, 0, length, StandardCharsets.UTF_8), false);
        }
    }

    private static UnreadableSourceException unreadable(Path file, IOException e) {
        String reason = switch (e) {
            case NoSuchFileException none -> "there is no such file";
            case AccessDeniedException denied -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
        return new UnreadableSourceException(
                file + " cannot be read: " + reason + " (expected: a file that this node may read)", List.of());
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}

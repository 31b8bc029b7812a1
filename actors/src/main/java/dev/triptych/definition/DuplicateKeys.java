package dev.triptych.definition;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds keys that are written twice in one object of a HOCON file. HOCON itself merges them without a word, and half of
 * a definition would silently be gone.
 */
final class DuplicateKeys {

    private final Path file;
    private final String text;
    private final List<Mistake> mistakes = new ArrayList<>();
    private final Deque<Map<String, Integer>> objects = new ArrayDeque<>();
    private int line = 1;
    private int lists;

    private DuplicateKeys(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static List<Mistake> find(Path file, String text) {
        var search = new DuplicateKeys(file, text);
        search.run();
        return search.mistakes;
    }

    private void run() {
        objects.push(new HashMap<>());
        var word = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '#' || (c == '/' && text.startsWith("//", i))) {
                i = until('\n', i);
                continue;
            }
            if (c == '"') {
                int end = endOfString(i);
                word.append(text, i, end);
                i = end;
                continue;
            }
            switch (c) {
                case '{' -> {
                    key(word);
                    objects.push(new HashMap<>());
                }
                case '}' -> {
                    if (objects.size() > 1) {
                        objects.pop();
                    }
                    word.setLength(0);
                }
                case '[' -> lists++;
                case ']' -> {
                    lists--;
                    word.setLength(0);
                }
                case '=', ':' -> {
                    key(word);
                    i = skipScalar(i + 1) - 1;
                }
                case '\n' -> {
                    line++;
                    word.setLength(0);
                }
                case ',' -> word.setLength(0);
                default -> word.append(c);
            }
            i++;
        }
    }

    private void key(StringBuilder word) {
        String key = word.toString().strip();
        word.setLength(0);
        if (key.isEmpty() || lists > 0 || key.endsWith("+") || objects.isEmpty()) {
            return;
        }
        Integer first = objects.element().putIfAbsent(key, line);
        if (first != null) {
            mistakes.add(new Mistake(
                    file, line, key + ": written a second time, first in line " + first, "keep one of the two"));
        }
    }

    /** The text after = goes to the end of the line, unless an object or list begins there. */
    private int skipScalar(int from) {
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\n' || c == ',' || c == '{' || c == '[' || c == '}' || c == '#') {
                return i;
            }
            i = c == '"' ? endOfString(i) : i + 1;
        }
        return i;
    }

    private int endOfString(int start) {
        if (text.startsWith("\"\"\"", start)) {
            int end = text.indexOf("\"\"\"", start + 3);
            int stop = end < 0 ? text.length() : end + 3;
            line += (int)
                    text.substring(start, stop).chars().filter(c -> c == '\n').count();
            return stop;
        }
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) != '\n') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }

    private int until(char stop, int from) {
        int end = text.indexOf(stop, from);
        return end < 0 ? text.length() : end;
    }
}

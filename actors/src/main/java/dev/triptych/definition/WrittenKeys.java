package dev.triptych.definition;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The keys of a HOCON text as they are written: in their order, with their lines, and those written twice. HOCON itself
 * forgets the order, and merges what is written twice without a word; half of a definition would silently be gone.
 *
 * <p>Walks a text that HOCON's own parser has accepted, once, from left to right; nothing is resolved.
 */
final class WrittenKeys {

    /** A key that is written again. */
    record Repeated(List<String> path, int line, int firstLine) {}

    private final String text;
    private final Map<List<String>, Integer> lines = new LinkedHashMap<>();
    private final List<Repeated> repeated = new ArrayList<>();
    private final List<Integer> includes = new ArrayList<>();
    private int at;
    private int line = 1;

    private WrittenKeys(String text) {
        this.text = text;
    }

    static WrittenKeys of(String text) {
        var keys = new WrittenKeys(text);
        keys.skipBlank();
        boolean braced = keys.consumed('{');
        keys.object(List.of());
        if (braced) {
            keys.consumed('}');
        }
        return keys;
    }

    /** Where a key is first written, from 1; empty for one that is not. */
    OptionalInt line(List<String> path) {
        Integer found = lines.get(path);
        return found == null ? OptionalInt.empty() : OptionalInt.of(found);
    }

    /** The keys of an object, in the order they are written. */
    List<String> of(List<String> object) {
        return lines.keySet().stream()
                .filter(path -> path.size() > object.size()
                        && path.subList(0, object.size()).equals(object))
                .map(path -> path.get(object.size()))
                .distinct()
                .toList();
    }

    List<Repeated> repeated() {
        return repeated;
    }

    /** Lines of include statements. */
    List<Integer> includes() {
        return includes;
    }

    /** From behind the opening brace up to the closing one, which is left. */
    private void object(List<String> path) {
        skipBlank();
        while (more() && here() != '}') {
            int lineOfKey = line;
            String key = key();
            if (more() && isSeparator()) {
                List<String> full = join(path, key);
                note(full, lineOfKey);
                if (here() != '{') {
                    at++;
                }
                value(full);
            } else if (key.startsWith("include")) {
                includes.add(lineOfKey);
            }
            skipBlank();
        }
    }

    private void note(List<String> path, int lineOfKey) {
        Integer first = lines.putIfAbsent(path, lineOfKey);
        if (first != null && repeated.stream().noneMatch(outer -> repeatsWith(outer, path, first))) {
            repeated.add(new Repeated(path, lineOfKey, first));
        }
    }

    /** Whether a key is written again only because the section around it is. */
    private static boolean repeatsWith(Repeated outer, List<String> path, int first) {
        int depth = outer.path().size();
        return path.size() > depth && path.subList(0, depth).equals(outer.path()) && first <= outer.line();
    }

    /** Up to the separator or the value's brace; up to the end of the line where there is neither. */
    private String key() {
        int start = at;
        while (more() && !isSeparator() && here() != '\n' && here() != ',' && here() != '}') {
            skipOne();
        }
        String key = text.substring(start, at).strip();
        if (more() && here() == '\n') {
            int end = at;
            int lineOfEnd = line;
            skipBlank();
            if (!more() || here() != '{') {
                at = end;
                line = lineOfEnd;
            }
        }
        return key.endsWith("+") ? key.substring(0, key.length() - 1).strip() : key;
    }

    private boolean isSeparator() {
        return here() == '=' || here() == ':' || here() == '{';
    }

    private void value(List<String> path) {
        skipBlank();
        while (more() && "\n,}]#".indexOf(here()) < 0 && !text.startsWith("//", at)) {
            if (here() == '{') {
                at++;
                object(path);
                consumed('}');
            } else if (here() == '[') {
                at++;
                list(path);
            } else if (text.startsWith("${", at)) {
                at = Math.max(at + 2, text.indexOf('}', at) + 1);
            } else {
                skipOne();
            }
        }
    }

    private void list(List<String> path) {
        skipBlank();
        for (int i = 0; more() && here() != ']'; i++) {
            int before = at;
            value(join(path, "\"" + i + "\""));
            if (at == before) {
                at++;
            }
            skipBlank();
        }
        consumed(']');
    }

    private static List<String> join(List<String> path, String key) {
        var full = new ArrayList<>(path);
        try {
            full.addAll(ConfigUtil.splitPath(key));
        } catch (ConfigException e) {
            // No path, so the parser has reported it.
            full.add(key);
        }
        return full;
    }

    /** White space, line ends, commas and comments. */
    private void skipBlank() {
        while (more()) {
            if (here() == '#' || text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(here()) || Character.isSpaceChar(here()) || here() == ',') {
                skipOne();
            } else {
                return;
            }
        }
    }

    /** One sign, or a whole quoted text. */
    private void skipOne() {
        if (here() == '"') {
            int end = endOfText();
            line += (int) text.substring(at, end).chars().filter(c -> c == '\n').count();
            at = end;
            return;
        }
        if (here() == '\n') {
            line++;
        }
        at++;
    }

    private int endOfText() {
        if (text.startsWith("\"\"\"", at)) {
            int end = text.indexOf("\"\"\"", at + 3);
            return end < 0 ? text.length() : end + 3;
        }
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != '"') {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), end + 1);
    }

    private boolean consumed(char expected) {
        boolean found = more() && here() == expected;
        if (found) {
            at++;
        }
        return found;
    }

    private boolean more() {
        return at < text.length();
    }

    private char here() {
        return text.charAt(at);
    }
}

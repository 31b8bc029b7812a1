package dev.triptych.definition;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One object of a definition's file, read key by key. Every mistake is noted with its line, and reading goes on with
 * something harmless, so that all are found at once.
 */
final class Section {

    private final Path file;
    private final String path;
    private final ConfigObject object;
    private final List<Mistake> mistakes;
    private final Set<String> asked = new HashSet<>();

    Section(Path file, String path, ConfigObject object, List<Mistake> mistakes) {
        this.file = file;
        this.path = path;
        this.object = object;
        this.mistakes = mistakes;
    }

    int line() {
        return Math.max(0, object.origin().lineNumber());
    }

    int line(String key) {
        ConfigValue value = object.get(key);
        return value == null ? line() : Math.max(0, value.origin().lineNumber());
    }

    boolean has(String key) {
        asked.add(key);
        return object.containsKey(key);
    }

    void mistake(String key, String message, String mend) {
        mistakes.add(new Mistake(file, line(key), at(key) + ": " + message, mend));
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** A required text; empty where it is missing, which is noted. */
    String text(String key) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty() && !object.containsKey(key)) {
            mistakes.add(new Mistake(file, line(), at(key) + ": missing", "add " + key + " = …"));
        }
        return text.orElse("");
    }

    Optional<String> optionalText(String key) {
        asked.add(key);
        ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> Optional.of(String.valueOf(value.unwrapped()));
            case OBJECT, LIST, NULL -> {
                mistake(key, "a " + named(value), "write a text");
                yield Optional.empty();
            }
        };
    }

    /** One of some words; the first where there is none, the mistake being noted where it is another. */
    <T> T oneOf(String key, T otherwise, Map<String, T> words) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        T found = words.get(text.get());
        if (found == null) {
            unknown(key, text.get(), words.keySet());
            return otherwise;
        }
        return found;
    }

    void unknown(String key, String found, Collection<String> expected) {
        mistake(key, "unknown: " + found, suggestion(found, expected));
    }

    double number(String key, double otherwise, double min, double max, String expected) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Noted below, as a number out of range is.
        }
        mistake(key, text.get(), "write " + expected);
        return otherwise;
    }

    Optional<Section> section(String key) {
        asked.add(key);
        ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ConfigObject child) {
            return Optional.of(new Section(file, at(key), child, mistakes));
        }
        mistake(key, "a " + named(value), "write { … }");
        return Optional.empty();
    }

    /** Named sections, in the order of the file; names are checked. */
    <T> List<T> each(String key, boolean required, Function<Named, T> read) {
        Optional<Section> section = section(key);
        if (section.isEmpty()) {
            if (required && !object.containsKey(key)) {
                mistakes.add(new Mistake(file, line(), at(key) + ": missing", "add " + key + " { … }"));
            }
            return List.of();
        }
        var all = new ArrayList<T>();
        for (String name : section.get().keys()) {
            section.get().checkName(name);
            section.get().section(name).ifPresent(child -> all.add(read.apply(new Named(name, child))));
        }
        return all;
    }

    /** A section and the name it stands under. */
    record Named(String name, Section section) {}

    private void checkName(String name) {
        if (!name.matches("[A-Za-z0-9_-]{1,60}")) {
            mistake(name, "a name of other characters", "use 1 to 60 letters, digits, - and _");
        }
    }

    /** Keys in the order of the file. */
    List<String> keys() {
        return object.entrySet().stream()
                .sorted(Comparator.comparingInt(
                        entry -> entry.getValue().origin().lineNumber()))
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> texts(String key, boolean required) {
        asked.add(key);
        ConfigValue value = object.get(key);
        if (value == null) {
            if (required) {
                mistakes.add(new Mistake(file, line(), at(key) + ": missing", "add " + key + " = [ … ]"));
            }
            return List.of();
        }
        if (!(value instanceof ConfigList list)) {
            mistake(key, "a " + named(value), "write a list: [ … ]");
            return List.of();
        }
        return list.stream().map(item -> String.valueOf(item.unwrapped())).toList();
    }

    /** All keys with their texts, in the order of the file. */
    Map<String, String> textMap(String key) {
        var texts = new LinkedHashMap<String, String>();
        section(key).ifPresent(section -> section.keys().forEach(name -> texts.put(name, section.text(name))));
        return texts;
    }

    /** Notes every key that nobody asked for. */
    void finish() {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                mistake(key, "unknown key", suggestion(key, asked));
            }
        }
    }

    private static String named(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT
                ? "section"
                : value.valueType().name().toLowerCase(java.util.Locale.ROOT);
    }

    static String suggestion(String found, Collection<String> expected) {
        if (expected.isEmpty()) {
            return "remove it, there is nothing it could name";
        }
        String nearest = expected.stream()
                .min(Comparator.comparingInt((String word) -> distance(found, word))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        return distance(found, nearest) <= 2
                ? "did you mean " + nearest + "?"
                : "use one of " + String.join(", ", expected.stream().sorted().toList());
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + change);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}

package dev.triptych.definition;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of a definition's file, read key by key. Every mistake is noted with its line, and reading goes on with
 * something harmless, so that all are found at once.
 */
final class Section {

    static final int NAME_LENGTH_MAX = 60;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1," + NAME_LENGTH_MAX + "}");

    private final Mistakes mistakes;
    private final List<String> path;
    private final ConfigObject object;
    private final Set<String> asked = new HashSet<>();
    private final Map<String, Mistake> missing = new HashMap<>();

    Section(Mistakes mistakes, List<String> path, ConfigObject object) {
        this.mistakes = mistakes;
        this.path = path;
        this.object = object;
    }

    /** A section and the name it stands under. */
    record Named(String name, Section section) {}

    /** A text of a list. */
    record Item(String text, int line) {}

    boolean has(String key) {
        asked.add(key);
        return object.containsKey(key);
    }

    /** The line a key is written in; the section's own where it is not. */
    int line(String key) {
        return mistakes.line(at(key)).orElseGet(this::line);
    }

    private int line() {
        return path.isEmpty()
                ? 1
                : mistakes.line(path).orElse(Math.max(1, object.origin().lineNumber()));
    }

    void mistake(String key, String message, String mend) {
        mistake(line(key), key, message, mend);
    }

    void mistake(int line, String key, String message, String mend) {
        mistakes.note(line, String.join(".", at(key)) + ": " + message, mend);
    }

    /** Notes that a key is not there; forgotten again if a key is there that was meant to be it. */
    void missing(String key, String mend) {
        if (!object.containsKey(key)) {
            missing.put(key, mistakes.note(line(key), String.join(".", at(key)) + ": missing", mend));
        }
    }

    void unknown(String key, String what, String found, Collection<String> expected) {
        mistake(key, "unknown " + what + " " + found, Suggestion.of(found, expected));
    }

    private List<String> at(String key) {
        var full = new ArrayList<>(path);
        full.add(key);
        return full;
    }

    /** A required text, not blank; empty where there is none, which is noted. */
    String text(String key) {
        Optional<String> text = optionalText(key);
        missing(key, "add " + key + " = …");
        text.filter(String::isBlank).ifPresent(blank -> mistake(key, "empty", "write a text"));
        return text.filter(given -> !given.isBlank()).orElse("");
    }

    Optional<String> optionalText(String key) {
        asked.add(key);
        @Nullable ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> Optional.of(written(value));
            case OBJECT -> {
                String first = section(key)
                        .flatMap(child -> child.keys().stream().findFirst())
                        .orElse("…");
                mistake(
                        key,
                        "a section",
                        "write a text; if a name holds a dot, quote it: \"" + key + "." + first + "\"");
                yield Optional.empty();
            }
            case LIST, NULL -> {
                mistake(key, named(value), "write a text");
                yield Optional.empty();
            }
        };
    }

    /** As it is written: {@code 0.50} is not {@code 0.5}. */
    private static String written(ConfigValue value) {
        return value.atKey("value").getString("value");
    }

    /** A name that may stand in ids and paths; {@code otherwise} where none is given. */
    String name(String key, String otherwise) {
        Optional<String> name = optionalText(key);
        name.ifPresent(given -> checkName(key, given));
        return name.orElse(otherwise);
    }

    void checkName(String key, String name) {
        if (!NAME.matcher(name).matches()) {
            mistake(key, "no name: " + name, "use 1 to " + NAME_LENGTH_MAX + " letters, digits, - and _");
        }
    }

    /** One of some words; empty where there is none, the mistake being noted where it is another. */
    <T> Optional<T> oneOf(String key, Map<String, T> words) {
        Optional<String> text = optionalText(key);
        text.filter(word -> !words.containsKey(word)).ifPresent(word -> unknown(key, "word", word, words.keySet()));
        return text.flatMap(word -> Optional.ofNullable(words.get(word)));
    }

    /** @param min and {@code max} inclusive */
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

    /** @param min and {@code max} inclusive */
    OptionalLong whole(String key, long min, long max) {
        Optional<String> text = optionalText(key);
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long value = Long.parseLong(text.get());
            if (value >= min && value <= max) {
                return OptionalLong.of(value);
            }
        } catch (NumberFormatException e) {
            // Noted below, as a number out of range is.
        }
        mistake(key, text.get(), "write a whole number from " + min + " to " + max);
        return OptionalLong.empty();
    }

    boolean isSection(String key) {
        return object.get(key) instanceof ConfigObject;
    }

    Optional<Section> section(String key) {
        asked.add(key);
        @Nullable ConfigValue value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ConfigObject child) {
            return Optional.of(new Section(mistakes, at(key), child));
        }
        mistake(key, named(value), "write { … }");
        return Optional.empty();
    }

    /** A section that must be there and not be empty, and what to do otherwise. */
    Optional<Section> required(String key, String mend) {
        Optional<Section> section = section(key);
        missing(key, mend);
        section.filter(Section::isEmpty).ifPresent(empty -> mistake(key, "empty", mend));
        return section.filter(given -> !given.isEmpty());
    }

    private boolean isEmpty() {
        return object.isEmpty();
    }

    /** Named sections, in the order of the file; names are checked. */
    <T> List<T> each(String key, Function<Named, T> read) {
        Optional<Section> section = section(key);
        if (section.isEmpty()) {
            return List.of();
        }
        var all = new ArrayList<T>();
        for (String name : section.get().keys()) {
            section.get().checkName(name, name);
            section.get().section(name).ifPresent(child -> all.add(read.apply(new Named(name, child))));
        }
        return all;
    }

    /** Keys in the order of the file. */
    List<String> keys() {
        List<String> written =
                mistakes.keysOf(path).stream().filter(object::containsKey).toList();
        // What came in by a substitution is written elsewhere; its own order is as good as any.
        var keys = new ArrayList<>(written);
        object.keySet().stream().filter(key -> !written.contains(key)).sorted().forEach(keys::add);
        return keys;
    }

    /** A list of texts; required lists must not be empty. */
    List<Item> texts(String key, boolean required) {
        asked.add(key);
        @Nullable ConfigValue value = object.get(key);
        if (value == null) {
            if (required) {
                missing(key, "add " + key + " = [ … ]");
            }
            return List.of();
        }
        if (!(value instanceof ConfigList list)) {
            mistake(key, named(value), "write a list: [ … ]");
            return List.of();
        }
        if (required && list.isEmpty()) {
            mistake(key, "empty", "name at least one");
        }
        var items = new ArrayList<Item>();
        for (ConfigValue item : list) {
            int line = Math.max(line(key), item.origin().lineNumber());
            switch (item.valueType()) {
                case STRING, NUMBER, BOOLEAN -> items.add(new Item(written(item), line));
                case OBJECT, LIST, NULL -> mistake(line, key, named(item) + " in the list", "write texts");
            }
        }
        return items;
    }

    /** All keys with their texts, in the order of the file. */
    Map<String, String> texts() {
        var texts = new LinkedHashMap<String, String>();
        keys().forEach(name -> texts.put(name, text(name)));
        return texts;
    }

    /** Notes every key that nobody asked for. */
    void finish() {
        for (String key : keys()) {
            if (!asked.contains(key)) {
                mistake(key, "unknown key", Suggestion.of(key, asked));
                Suggestion.nearest(key, asked)
                        .flatMap(meant -> Optional.ofNullable(missing.remove(meant)))
                        .ifPresent(mistakes::forget);
            }
        }
    }

    private static String named(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a section";
            case LIST -> "a list";
            case NULL -> "null";
            case STRING, NUMBER, BOOLEAN -> value.valueType().name().toLowerCase(Locale.ROOT) + " " + written(value);
        };
    }
}

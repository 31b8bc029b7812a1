package dev.triptych.definition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/** The mistakes found so far in one definition's file, and where its keys are written. */
final class Mistakes {

    private final Path file;
    private final WrittenKeys keys;
    private final List<Mistake> found = new ArrayList<>();

    Mistakes(Path file, WrittenKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    Mistake note(int line, String message, String mend) {
        var mistake = new Mistake(file, line, message, mend);
        found.add(mistake);
        return mistake;
    }

    void forget(Mistake mistake) {
        found.remove(mistake);
    }

    void addAll(List<Mistake> more) {
        found.addAll(more);
    }

    int count() {
        return found.size();
    }

    /** By file and line; those of one line in the order they were found. */
    List<Mistake> sorted() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(Mistake::file).thenComparingInt(Mistake::line))
                .toList();
    }

    OptionalInt line(List<String> path) {
        return keys.line(path);
    }

    List<String> keysOf(List<String> path) {
        return keys.of(path);
    }
}

package dev.triptych.definition;

import dev.triptych.definition.domain.SystemDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All systems of a folder.
 *
 * @param byName those without a mistake, sorted
 * @param mistakes of all the others
 */
public record Systems(Map<String, SystemDefinition> byName, List<Mistake> mistakes) {
    public Systems {
        byName = Collections.unmodifiableMap(new TreeMap<>(byName));
        mistakes = List.copyOf(mistakes);
    }

    /** As {@link #in(Path, TransformationCheck)}, without a look at what the SQL gives. */
    public static Systems in(Path folder) {
        return in(folder, system -> List.of());
    }

    /** Every folder in it that holds a {@code system.conf} is a system; so is the folder itself, if it holds one. */
    public static Systems in(Path folder, TransformationCheck check) {
        Path absolute = folder.toAbsolutePath().normalize();
        var systems = new TreeMap<String, SystemDefinition>();
        var mistakes = new ArrayList<Mistake>();
        try (Stream<Path> children = Files.list(absolute)) {
            Stream.concat(Stream.of(absolute), children.sorted())
                    .filter(path -> Files.exists(path.resolve("system.conf")))
                    .map(path -> SystemParser.parse(path, check))
                    .forEach(parsed -> {
                        parsed.system().ifPresent(system -> systems.put(system.name(), system));
                        mistakes.addAll(parsed.mistakes());
                    });
        } catch (IOException e) {
            mistakes.add(new Mistake(absolute, 0, "no folder that can be read", "name a folder that holds systems"));
        }
        if (systems.isEmpty() && mistakes.isEmpty()) {
            mistakes.add(new Mistake(absolute, 0, "holds no system", "a system is a folder with a system.conf"));
        }
        return new Systems(systems, mistakes);
    }
}

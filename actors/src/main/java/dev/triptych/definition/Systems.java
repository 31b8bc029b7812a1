package dev.triptych.definition;

import dev.triptych.definition.domain.SystemDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All systems of a folder.
 *
 * @param byName those without a mistake
 * @param mistakes of all the others
 */
public record Systems(Map<String, SystemDefinition> byName, List<Mistake> mistakes) {

    /** Every folder in it that holds a {@code system.conf} is a system; so is the folder itself, if it holds one. */
    public static Systems in(Path folder) {
        var systems = new TreeMap<String, SystemDefinition>();
        var mistakes = new ArrayList<Mistake>();
        try (Stream<Path> children = Files.list(folder)) {
            Stream.concat(Stream.of(folder), children.sorted())
                    .filter(path -> Files.exists(path.resolve("system.conf")))
                    .map(SystemParser::parse)
                    .forEach(parsed -> {
                        parsed.system().ifPresent(system -> systems.put(system.name(), system));
                        mistakes.addAll(parsed.mistakes());
                    });
        } catch (IOException e) {
            mistakes.add(new Mistake(folder, 0, "cannot be read", "name a folder that holds systems"));
        }
        if (systems.isEmpty() && mistakes.isEmpty()) {
            mistakes.add(new Mistake(folder, 0, "holds no system", "a system is a folder with a system.conf"));
        }
        return new Systems(systems, mistakes);
    }
}

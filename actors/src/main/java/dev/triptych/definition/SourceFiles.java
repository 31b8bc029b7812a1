package dev.triptych.definition;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Finds the files that a source names: paths and globs, relative to the system's folder. */
final class SourceFiles {

    /** Folders below the one that a glob starts in; a source deeper down is named by its folder. */
    private static final int DEPTH_MAX = 10;

    private static final String GLOB_SIGNS = "*?[{";

    private final Path folder;
    private final Section section;

    SourceFiles(Path folder, Section section) {
        this.folder = folder;
        this.section = section;
    }

    /** Absolute, each once, in the order named; those of one glob by name. */
    List<Path> named(String key) {
        Set<Path> files = new LinkedHashSet<>();
        for (Section.Item item : section.texts(key, true)) {
            try {
                List<Path> matching = matching(item.text());
                if (matching.isEmpty()) {
                    section.mistake(
                            item.line(), key, "no file " + item.text(), "put it into " + folder.getFileName() + "/");
                }
                for (Path file : matching) {
                    if (Files.size(file) == 0) {
                        section.mistake(item.line(), key, file.getFileName() + " is empty", "fill it, or remove it");
                    }
                    files.add(file);
                }
            } catch (InvalidPathException | PatternSyntaxException e) {
                section.mistake(item.line(), key, "no path: " + item.text(), "write a path, or a glob such as *.csv");
            } catch (IOException | UncheckedIOException e) {
                section.mistake(item.line(), key, item.text() + " cannot be read", "make it readable");
            }
        }
        return List.copyOf(files);
    }

    private List<Path> matching(String pattern) throws IOException {
        Path plain = folder.resolve(pattern).normalize();
        if (Files.isRegularFile(plain)) {
            return List.of(plain);
        }
        int sign = firstGlobSign(pattern);
        if (sign < 0) {
            return List.of();
        }
        int start = pattern.lastIndexOf('/', sign) + 1;
        Path from = folder.resolve(pattern.substring(0, start)).normalize();
        if (!Files.isDirectory(from)) {
            return List.of();
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.substring(start));
        try (Stream<Path> paths = Files.walk(from, DEPTH_MAX)) {
            return paths.filter(path -> matcher.matches(from.relativize(path)) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        }
    }

    private static int firstGlobSign(String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            if (GLOB_SIGNS.indexOf(pattern.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }
}

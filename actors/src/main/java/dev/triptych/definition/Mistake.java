package dev.triptych.definition;

import java.nio.file.Path;

/**
 * Something in a definition that cannot be right.
 *
 * @param file absolute
 * @param line from 1; 0 where the whole file is meant
 * @param message what is wrong
 * @param mend what would be right
 */
public record Mistake(Path file, int line, String message, String mend) {

    /** One line, in the form editors and people find the place by; files below the working directory are short. */
    public String render() {
        Path here = Path.of("").toAbsolutePath();
        Path shown = file.startsWith(here) ? here.relativize(file) : file;
        return shown + (line > 0 ? ":" + line : "") + ": " + message + "; " + mend;
    }
}

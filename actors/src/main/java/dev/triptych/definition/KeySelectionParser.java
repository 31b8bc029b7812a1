package dev.triptych.definition;

import dev.triptych.definition.domain.KeySelection;
import dev.triptych.definition.domain.SourceDefinition;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads which keys an inference pipeline predicts: {@code view}, {@code select} or {@code keys}. */
final class KeySelectionParser {

    private static final String VIEW = "view";
    private static final String SELECT = "select";
    private static final String KEYS = "keys";

    private static final Map<String, SourceDefinition.Format> FORMATS = Map.of(
            ".csv", SourceDefinition.Format.CSV,
            ".json", SourceDefinition.Format.JSON,
            ".parquet", SourceDefinition.Format.PARQUET);

    private final Path folder;
    private final Declared declared;

    KeySelectionParser(Path folder, Declared declared) {
        this.folder = folder;
        this.declared = declared;
    }

    /** @param entity what the model is about; empty where that is a mistake of its own */
    KeySelection parse(Section section, Optional<String> entity) {
        var given = new ArrayList<String>();
        for (String key : List.of(VIEW, SELECT, KEYS)) {
            if (section.has(key)) {
                given.add(key);
            }
        }
        if (given.isEmpty()) {
            section.missing(VIEW, "add view = a view, select = a file of SQL, or keys = a file of keys");
            return new KeySelection.OfView("");
        }
        if (given.size() > 1) {
            section.mistake(given.getLast(), "beside " + given.getFirst(), "keep one of the two");
        }
        return switch (given.getFirst()) {
            case SELECT -> query(section, entity.orElse(""));
            case KEYS -> listed(section, entity.orElse(""));
            default -> ofView(section);
        };
    }

    private KeySelection ofView(Section section) {
        String view = section.text(VIEW);
        if (!view.isEmpty() && declared.view(view).isEmpty()) {
            section.unknown(VIEW, "view", view, declared.viewNames());
        }
        return new KeySelection.OfView(view);
    }

    private KeySelection query(Section section, String entity) {
        String name = section.text(SELECT);
        Path file = file(section, SELECT, name, "put the SQL that selects the keys into " + name);
        return new KeySelection.Query(entity, file, sql(section, file));
    }

    private static String sql(Section section, Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file) : "";
        } catch (CharacterCodingException e) {
            section.mistake(SELECT, file.getFileName() + " is not UTF-8", "save it as UTF-8");
        } catch (IOException e) {
            section.mistake(SELECT, file.getFileName() + " cannot be read", "make it readable");
        }
        return "";
    }

    private KeySelection listed(Section section, String entity) {
        String name = section.text(KEYS);
        Path file = file(section, KEYS, name, "put it into " + folder.getFileName() + "/");
        int dot = name.lastIndexOf('.');
        SourceDefinition.Format format =
                dot < 0 ? null : FORMATS.get(name.substring(dot).toLowerCase(Locale.ROOT));
        if (format == null && !name.isEmpty()) {
            section.mistake(KEYS, name + " is of no known kind", "name a file that ends in .csv, .parquet or .json");
        }
        return new KeySelection.Listed(entity, file, format == null ? SourceDefinition.Format.CSV : format);
    }

    private Path file(Section section, String key, String name, String mend) {
        try {
            Path file = folder.resolve(name).normalize();
            if (!name.isEmpty() && !Files.isRegularFile(file)) {
                section.mistake(key, "no file " + name, mend);
            } else if (!name.isEmpty() && Files.size(file) == 0) {
                section.mistake(key, name + " is empty", "fill it");
            }
            return file;
        } catch (InvalidPathException e) {
            section.mistake(key, "no path: " + name, "write the name of a file");
        } catch (IOException e) {
            section.mistake(key, name + " cannot be read", "make it readable");
        }
        return folder;
    }
}

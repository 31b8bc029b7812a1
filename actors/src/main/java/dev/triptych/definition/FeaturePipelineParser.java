package dev.triptych.definition;

import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.store.features.domain.FeatureType;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads feature pipelines: sources, and the SQL that makes rows of views of them. */
final class FeaturePipelineParser {

    private final Path folder;
    private final Declared declared;

    FeaturePipelineParser(Path folder, Declared declared) {
        this.folder = folder;
        this.declared = declared;
    }

    FeaturePipelineDefinition parse(Section.Named named) {
        Section section = named.section();
        var cadence = Cadences.read(section);
        SourceDefinition source = section.required("source", "add source { format = csv, … } or { generator = … }")
                .map(this::source)
                .orElseGet(() -> new SourceDefinition.Generated("", Map.of()));
        FeaturePipelineDefinition.BadRows badRows = section.oneOf(
                        "bad-rows",
                        Map.of(
                                "fail", FeaturePipelineDefinition.BadRows.FAIL,
                                "quarantine", FeaturePipelineDefinition.BadRows.QUARANTINE))
                .orElse(FeaturePipelineDefinition.BadRows.FAIL);
        List<FeaturePipelineDefinition.Output> outputs = section.required(
                        "writes", "add writes { view = \"file.sql\" }")
                .map(this::outputs)
                .orElseGet(List::of);
        section.finish();
        return new FeaturePipelineDefinition(named.name(), cadence, source, badRows, outputs);
    }

    private SourceDefinition source(Section section) {
        if (section.has("generator")) {
            var generated = new SourceDefinition.Generated(
                    section.text("generator"),
                    section.section("options").map(Section::texts).orElseGet(Map::of));
            section.finish();
            return generated;
        }
        SourceDefinition.Format format = section.oneOf(
                        "format",
                        Map.of(
                                "csv", SourceDefinition.Format.CSV,
                                "parquet", SourceDefinition.Format.PARQUET,
                                "json", SourceDefinition.Format.JSON))
                .orElse(SourceDefinition.Format.CSV);
        section.missing("format", "add format = csv, parquet or json, or generator = a class");
        Map<String, FeatureType> columns = section.required(
                        "columns", "add columns { name = type } for those the SQL uses")
                .map(ViewParser::types)
                .orElseGet(Map::of);
        var files = new SourceDefinition.Files(
                format, new SourceFiles(folder, section).named("files"), columns, zone(section));
        section.finish();
        return files;
    }

    private static Optional<ZoneId> zone(Section section) {
        return section.optionalText("zone").flatMap(text -> {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException e) {
                section.mistake("zone", "unknown zone " + text, "write a zone such as UTC or Europe/Stockholm");
                return Optional.empty();
            }
        });
    }

    private List<FeaturePipelineDefinition.Output> outputs(Section writes) {
        var outputs = new ArrayList<FeaturePipelineDefinition.Output>();
        for (String view : writes.keys()) {
            if (declared.view(view).isEmpty()) {
                writes.mistake(view, "unknown view " + view, Suggestion.of(view, declared.viewNames()));
            }
            String name = writes.text(view);
            if (!name.isEmpty()) {
                output(writes, view, name).ifPresent(outputs::add);
            }
        }
        return outputs;
    }

    private Optional<FeaturePipelineDefinition.Output> output(Section writes, String view, String name) {
        try {
            Path file = folder.resolve(name).normalize();
            if (!Files.isRegularFile(file)) {
                writes.mistake(view, "no file " + name, "put the SQL of view " + view + " into " + name);
                return Optional.empty();
            }
            String sql = Files.readString(file);
            if (sql.isBlank()) {
                writes.mistake(view, name + " is empty", "put the SQL of view " + view + " into it");
            }
            return Optional.of(new FeaturePipelineDefinition.Output(view, file, sql));
        } catch (CharacterCodingException e) {
            writes.mistake(view, name + " is not UTF-8", "save it as UTF-8");
        } catch (InvalidPathException e) {
            writes.mistake(view, "no path: " + name, "write the name of an SQL file");
        } catch (IOException e) {
            writes.mistake(view, name + " cannot be read", "make it readable");
        }
        return Optional.empty();
    }
}

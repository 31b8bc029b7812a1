package dev.triptych.definition;

import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.FeaturePipelineDefinition;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.store.features.domain.FeatureType;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
        Cadence cadence = cadence(section);
        SourceDefinition source = section.section("source").map(this::source).orElseGet(() -> {
            section.mistake("source", "missing", "add source { … }");
            return new SourceDefinition.Generated("", Map.of());
        });
        FeaturePipelineDefinition.BadRows badRows = section.oneOf(
                "bad-rows",
                FeaturePipelineDefinition.BadRows.FAIL,
                Map.of(
                        "fail", FeaturePipelineDefinition.BadRows.FAIL,
                        "quarantine", FeaturePipelineDefinition.BadRows.QUARANTINE));
        List<FeaturePipelineDefinition.Output> outputs = outputs(section);
        section.finish();
        return new FeaturePipelineDefinition(named.name(), cadence, source, badRows, outputs);
    }

    static Cadence cadence(Section section) {
        String text = section.text("cadence");
        Optional<Cadence> cadence = Cadences.parse(text);
        if (cadence.isEmpty() && !text.isEmpty()) {
            section.mistake("cadence", text, Cadences.EXPECTED);
        }
        return cadence.orElseGet(Cadence.Manual::new);
    }

    private SourceDefinition source(Section section) {
        if (section.has("generator")) {
            var generated = new SourceDefinition.Generated(section.text("generator"), section.textMap("options"));
            section.finish();
            return generated;
        }
        SourceDefinition.Format format = section.oneOf(
                "format",
                SourceDefinition.Format.CSV,
                Map.of(
                        "csv", SourceDefinition.Format.CSV,
                        "parquet", SourceDefinition.Format.PARQUET,
                        "json", SourceDefinition.Format.JSON));
        if (!section.has("format")) {
            section.mistake("format", "missing", "add format = csv, parquet or json, or generator = a class");
        }
        Map<String, FeatureType> columns = section.section("columns")
                .map(SystemParser::types)
                .orElseGet(() -> {
                    section.mistake("columns", "missing", "add columns { name = type } for those the SQL uses");
                    return Map.of();
                });
        Optional<ZoneId> zone = section.optionalText("zone").flatMap(text -> {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException e) {
                section.mistake("zone", text, "write a zone such as UTC or Europe/Stockholm");
                return Optional.empty();
            }
        });
        var files = new SourceDefinition.Files(format, files(section), columns, zone);
        section.finish();
        return files;
    }

    private List<Path> files(Section section) {
        var files = new ArrayList<Path>();
        for (String pattern : section.texts("files", true)) {
            List<Path> matching = matching(pattern);
            if (matching.isEmpty()) {
                section.mistake("files", "no file " + pattern, "put it into " + folder.getFileName() + "/");
            }
            files.addAll(matching);
        }
        return files;
    }

    private List<Path> matching(String pattern) {
        Path plain = folder.resolve(pattern).normalize();
        if (Files.isRegularFile(plain)) {
            return List.of(plain);
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> Files.isRegularFile(path) && matcher.matches(folder.relativize(path)))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<FeaturePipelineDefinition.Output> outputs(Section section) {
        Map<String, String> writes = section.textMap("writes");
        if (writes.isEmpty()) {
            section.mistake("writes", "missing or empty", "add writes { view = \"file.sql\" }");
        }
        var outputs = new ArrayList<FeaturePipelineDefinition.Output>();
        writes.forEach((view, name) -> {
            if (declared.view(view).isEmpty()) {
                section.mistake("writes", "unknown view: " + view, Section.suggestion(view, declared.viewNames()));
            }
            Path file = folder.resolve(name).normalize();
            try {
                outputs.add(new FeaturePipelineDefinition.Output(view, file, Files.readString(file)));
            } catch (IOException e) {
                section.mistake("writes", "no file " + name, "put the SQL of view " + view + " into " + name);
            }
        });
        return outputs;
    }
}

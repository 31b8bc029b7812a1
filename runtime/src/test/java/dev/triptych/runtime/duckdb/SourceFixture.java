package dev.triptych.runtime.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.definition.Mistake;
import dev.triptych.definition.Parsed;
import dev.triptych.definition.SystemParser;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.feature.Extraction.Extracted;
import dev.triptych.feature.Extraction.KeyRows;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A system of one view and one feature pipeline, over whatever source a test writes. */
final class SourceFixture {

    private static final String SQL = "SELECT item, \"at\" AS event_time, amount, pieces, gift, label FROM source";

    private final Path folder;
    private final DuckDbExtraction extraction;
    private String format = "csv";
    private String files = "\"data.csv\"";
    private String zone = "";
    private String badRows = "fail";
    private String source = "";

    SourceFixture(Path folder) {
        this.folder = folder.resolve("shop");
        this.extraction = new DuckDbExtraction(new DuckDbMemory(256, 1, folder.resolve("spill")));
        try {
            Files.createDirectories(this.folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sql(SQL);
    }

    void csv(String text) {
        file("data.csv", text.getBytes(StandardCharsets.UTF_8));
    }

    void json(String text) {
        file("data.json", text.getBytes(StandardCharsets.UTF_8));
        format("json", "data.json");
    }

    void file(String name, byte[] bytes) {
        try {
            Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    void format(String named, String file) {
        format = named;
        files(file);
    }

    void files(String... names) {
        files = Stream.of(names).map(name -> '"' + name + '"').collect(Collectors.joining(", "));
    }

    void zone(String named) {
        zone = "zone = \"" + named + '"';
    }

    void badRows(String rule) {
        badRows = rule;
    }

    void sql(String sql) {
        file("rows.sql", sql.getBytes(StandardCharsets.UTF_8));
    }

    /** Instead of files. */
    void generator(Class<?> generator, String options) {
        source = "generator = \"" + generator.getName() + "\", options { " + options + " }";
    }

    SystemDefinition system() {
        String from = source.isEmpty() ? """
                format = %s
                files = [%s]
                columns {
                  item = string, at = timestamp, amount = float64, pieces = int64, gift = bool, label = string
                }
                %s
                """.formatted(format, files, zone) : source;
        file("system.conf", """
                system { name = shop }
                entities { item { key = item } }
                views {
                  rows { entity = item, features { amount = float64, pieces = int64, gift = bool, label = string } }
                }
                feature-pipelines {
                  load { cadence = manual, bad-rows = %s, source { %s }, writes { rows = "rows.sql" } }
                }
                """.formatted(badRows, from).getBytes(StandardCharsets.UTF_8));
        Parsed parsed = SystemParser.parse(folder);
        assertThat(parsed.mistakes()).isEmpty();
        return parsed.system().orElseThrow();
    }

    List<Mistake> check() {
        return extraction.check(system());
    }

    Extracted extract() {
        return extract(system());
    }

    Extracted extract(SystemDefinition system) {
        return extract(system, Map.of(), Optional.empty());
    }

    Extracted extract(SystemDefinition system, Map<String, String> options, Optional<String> cursor) {
        var request = new RunRequest("r", new PipelineId("shop", PipelineKind.FEATURE, "load"), 1, 0, options, cursor);
        return extraction.extract(system, system.featurePipelines().getFirst(), request);
    }

    List<KeyRows> rows() {
        SystemDefinition system = system();
        try (Extracted extracted = extract(system)) {
            return rows(system, extracted);
        }
    }

    static List<KeyRows> rows(SystemDefinition system, Extracted extracted) {
        var rows = new ArrayList<KeyRows>();
        extracted
                .rows(system.featurePipelines().getFirst().outputs().getFirst())
                .forEachRemaining(rows::add);
        return rows;
    }
}

package dev.triptych.definition;

import dev.triptych.definition.domain.EntityDefinition;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.kernel.Micros;
import dev.triptych.kernel.Sha256;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads entities, feature views, and the types of columns. */
final class ViewParser {

    private static final List<String> TYPES =
            Arrays.stream(FeatureType.values()).map(FeatureType::label).toList();

    private final List<String> entities;

    /** @param entities those declared */
    ViewParser(List<String> entities) {
        this.entities = entities;
    }

    static EntityDefinition entity(Section.Named named) {
        var entity = new EntityDefinition(named.name(), named.section().text("key"));
        named.section().finish();
        return entity;
    }

    ViewDefinition view(Section.Named named) {
        Section section = named.section();
        String entity = section.text("entity");
        if (!entity.isEmpty() && !entities.contains(entity)) {
            section.unknown("entity", "entity", entity, entities);
        }
        Optional<Duration> ttl = section.optionalText("ttl").flatMap(text -> ttl(section, text));
        FeatureRead.Boundary boundary = section.oneOf(
                        "boundary",
                        Map.of(
                                "inclusive",
                                FeatureRead.Boundary.INCLUSIVE,
                                "exclusive",
                                FeatureRead.Boundary.EXCLUSIVE))
                .orElse(FeatureRead.Boundary.INCLUSIVE);
        List<FeatureDefinition> features = features(section);
        section.finish();
        return new ViewDefinition(
                named.name(), entity, ttl, boundary, features, version(named.name(), entity, ttl, boundary, features));
    }

    private static Optional<Duration> ttl(Section section, String text) {
        Optional<Duration> duration = Cadences.duration(text);
        if (duration.isEmpty()) {
            section.mistake("ttl", text, "write " + Cadences.DURATION);
        }
        return duration;
    }

    private static List<FeatureDefinition> features(Section view) {
        var features = new ArrayList<FeatureDefinition>();
        view.required("features", "add features { name = type }").ifPresent(section -> {
            var byLowerCase = new HashMap<String, String>();
            types(section).forEach((name, type) -> {
                section.checkName(name, name);
                String other = byLowerCase.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
                if (other != null) {
                    section.mistake(name, "differs from " + other + " by case alone, which SQL does not see", "rename");
                }
                features.add(new FeatureDefinition(name, type));
            });
        });
        return features;
    }

    /** Names and types, in the order of the file. */
    static Map<String, FeatureType> types(Section section) {
        var types = new LinkedHashMap<String, FeatureType>();
        for (String name : section.keys()) {
            String label = section.text(name);
            Optional<FeatureType> type = FeatureType.ofLabel(label);
            if (type.isEmpty() && !label.isEmpty()) {
                section.unknown(name, "type", label, TYPES);
            }
            types.put(name, type.orElse(FeatureType.STRING));
        }
        return types;
    }

    /** Everything the meaning of the view's rows depends on, a line each, in one fixed form. */
    private static String version(
            String name,
            String entity,
            Optional<Duration> ttl,
            FeatureRead.Boundary boundary,
            List<FeatureDefinition> features) {
        var canonical = new StringBuilder()
                .append("view ")
                .append(name)
                .append('\n')
                .append("entity ")
                .append(entity)
                .append('\n')
                .append("ttl-micros ")
                .append(ttl.map(d -> String.valueOf(Micros.of(d))).orElse("none"))
                .append('\n')
                .append("boundary ")
                .append(boundary.name())
                .append('\n');
        features.forEach(feature -> canonical
                .append("feature ")
                .append(feature.name())
                .append(' ')
                .append(feature.type().label())
                .append('\n'));
        return HexFormat.of()
                .formatHex(Sha256.digest().digest(canonical.toString().getBytes(StandardCharsets.UTF_8)));
    }
}

package dev.triptych.runtime.http.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with variables, each a whole segment, and at most a verb behind the last:
 * {@code /api/v1/runs/{run_id}:cancel}. Of google.api.http's syntax, what the contract uses.
 *
 * @param verb with its colon; empty for none
 */
record PathTemplate(String text, List<Part> parts, String verb) {

    sealed interface Part {}

    record Literal(String text) implements Part {}

    /** @param field of the request message */
    record Variable(String field) implements Part {}

    static PathTemplate parse(String text) {
        int colon = text.indexOf(':', Math.max(text.lastIndexOf('/'), text.lastIndexOf('}')));
        String path = colon < 0 ? text : text.substring(0, colon);
        var parts = new ArrayList<Part>();
        for (String part : path.substring(1).split("/")) {
            parts.add(
                    part.startsWith("{") && part.endsWith("}")
                            ? new Variable(part.substring(1, part.length() - 1))
                            : new Literal(part));
        }
        return new PathTemplate(text, List.copyOf(parts), colon < 0 ? "" : text.substring(colon));
    }

    /** How many literals a path must hold to fit; of two templates that fit one path, the one with more is meant. */
    int specificity() {
        return (int) parts.stream().filter(Literal.class::isInstance).count() + (verb.isEmpty() ? 0 : 1);
    }

    /** Names of the request's fields that the path gives. */
    List<String> fields() {
        return parts.stream()
                .filter(Variable.class::isInstance)
                .map(part -> ((Variable) part).field())
                .toList();
    }

    /**
     * The values of the variables, if the path fits.
     *
     * @param segments decoded
     */
    Optional<Map<String, String>> match(List<String> segments) {
        if (segments.size() != parts.size() || !segments.getLast().endsWith(verb)) {
            return Optional.empty();
        }
        var values = new LinkedHashMap<String, String>();
        for (int i = 0; i < parts.size(); i++) {
            String segment = segments.get(i);
            if (i == parts.size() - 1) {
                segment = segment.substring(0, segment.length() - verb.length());
            }
            switch (parts.get(i)) {
                case Literal(String text) -> {
                    if (!text.equals(segment)) {
                        return Optional.empty();
                    }
                }
                case Variable(String field) -> {
                    if (segment.isEmpty()) {
                        return Optional.empty();
                    }
                    values.put(field, segment);
                }
            }
        }
        return Optional.of(values);
    }
}

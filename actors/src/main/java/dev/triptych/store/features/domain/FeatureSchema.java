package dev.triptych.store.features.domain;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names and types of a row's values. Equal schemas are one object, so that a million resident keys share it. */
@JsonAutoDetect(fieldVisibility = JsonAutoDetect.Visibility.NONE)
public final class FeatureSchema {

    /** Beyond this many, equal schemas are no longer shared: a bound on what odd writers can make stay. */
    private static final int SHARED_MAX = 10_000;

    private record Identity(List<String> names, String types) {}

    private static final Map<Identity, FeatureSchema> SHARED = new ConcurrentHashMap<>();

    private final List<String> names;
    private final String types;
    private final Map<String, Integer> positions;
    private final FeatureSchema[] alone = {this};

    private FeatureSchema(List<String> names, String types) {
        this.names = names;
        this.types = types;
        var found = new HashMap<String, Integer>();
        for (int i = 0; i < names.size(); i++) {
            found.put(names.get(i), i);
        }
        this.positions = found;
    }

    /**
     * @param names features, in the order of the values
     * @param types one {@link FeatureType#code} a feature
     */
    @JsonCreator
    public static FeatureSchema of(@JsonProperty("n") List<String> names, @JsonProperty("t") String types) {
        var identity = new Identity(List.copyOf(names), types);
        FeatureSchema shared = SHARED.get(identity);
        if (shared != null) {
            return shared;
        }
        var created = new FeatureSchema(identity.names(), types);
        if (SHARED.size() >= SHARED_MAX) {
            return created;
        }
        FeatureSchema raced = SHARED.putIfAbsent(identity, created);
        return raced == null ? created : raced;
    }

    @JsonProperty("n")
    public List<String> names() {
        return names;
    }

    @JsonProperty("t")
    public String types() {
        return types;
    }

    /** -1 if there is no such feature. */
    public int position(String name) {
        Integer position = positions.get(name);
        return position == null ? -1 : position;
    }

    /** This one only; for sharing, not to be written to. */
    FeatureSchema[] alone() {
        return alone;
    }

    public FeatureType type(int position) {
        return FeatureType.ofCode(types.charAt(position));
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof FeatureSchema schema && names.equals(schema.names) && types.equals(schema.types));
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + types.hashCode();
    }

    @Override
    public String toString() {
        return names + " " + types;
    }
}

package dev.triptych.runtime;

import com.typesafe.config.Config;
import dev.triptych.store.NodeRoles;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A node's place among others.
 *
 * @param node its name; no other living node of the cluster has it
 * @param roles what it does
 * @param name the cluster's
 * @param formation how nodes find one another
 * @param seeds {@code host:port} of nodes to join; empty unless that is how they are found
 * @param host where other nodes reach this one
 */
record ClusterSettings(
        String node, Set<String> roles, String name, Formation formation, List<String> seeds, String host) {

    /** How nodes find one another. */
    enum Formation {
        /** Not at all: no other node may use the database. */
        ALONE,
        /** In the database, where each says where it listens. */
        DATABASE,
        /** At addresses that are given. */
        SEEDS;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int NAME_LENGTH_MAX = 100;

    static ClusterSettings of(Config triptych) {
        List<String> seeds = triptych.getStringList("cluster.seeds");
        for (String seed : seeds) {
            if (!seed.matches("[^:/@\\s]+:\\d{1,5}")) {
                throw new StartFailure("triptych.cluster.seeds: " + seed + " (expected: HOST:PORT of a node)");
            }
        }
        return new ClusterSettings(
                name(triptych, "node", "a name that no other node of the cluster has; set it with --node-name"),
                roles(triptych.getStringList("roles")),
                name(triptych, "cluster.name", "the cluster's name"),
                formation(triptych, seeds),
                seeds,
                triptych.getString("cluster.host"));
    }

    private static Set<String> roles(List<String> named) {
        for (String role : named) {
            if (!NodeRoles.ALL.contains(role)) {
                throw new StartFailure(
                        "triptych.roles: " + role + " (expected: any of " + String.join(", ", NodeRoles.ALL) + ")");
            }
        }
        return Set.copyOf(named);
    }

    private static Formation formation(Config triptych, List<String> seeds) {
        String named = triptych.getString("cluster.formation");
        Formation formation = Stream.of(Formation.values())
                .filter(each -> each.label().equals(named))
                .findFirst()
                .orElseThrow(() -> new StartFailure("triptych.cluster.formation: " + named + " (expected: one of "
                        + Stream.of(Formation.values()).map(Formation::label).collect(Collectors.joining(", ")) + ")"));
        return formation == Formation.DATABASE && !seeds.isEmpty() ? Formation.SEEDS : formation;
    }

    private static String name(Config triptych, String field, String expected) {
        String name = triptych.getString(field);
        if (name.isBlank() || name.length() > NAME_LENGTH_MAX || name.chars().anyMatch(Character::isISOControl)) {
            throw new StartFailure(
                    "triptych." + field + ": " + (name.isBlank() ? "empty" : name) + " (expected: " + expected + ")");
        }
        return name;
    }

    boolean isAlone() {
        return formation == Formation.ALONE;
    }
}

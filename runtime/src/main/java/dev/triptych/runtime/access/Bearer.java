package dev.triptych.runtime.access;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who showed a token that holds.
 *
 * @param name recorded with what they change
 * @param roles whoever has one may read
 */
record Bearer(String name, Set<Role> roles) {

    Bearer {
        roles = Set.copyOf(roles);
    }

    boolean holds(Role role) {
        return !roles.isEmpty() && (role == Role.READER || roles.contains(role) || roles.contains(Role.ADMIN));
    }

    /** For who is denied something. */
    String labels() {
        return roles.isEmpty()
                ? "no role"
                : roles.stream().sorted().map(Role::label).collect(Collectors.joining(", "));
    }
}

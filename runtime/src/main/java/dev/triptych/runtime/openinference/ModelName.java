package dev.triptych.runtime.openinference;

import java.util.Optional;

/**
 * A model as a request names it.
 *
 * @param version empty for whichever the deployment's alias points at
 * @param nameField what the transport calls the name, for what is refused
 * @param versionField what the transport calls the version
 */
public record ModelName(String name, String version, String nameField, String versionField) {

    /** @throws RefusedException if the version cannot be a number of one */
    Optional<Integer> number() {
        if (version.isEmpty()) {
            return Optional.empty();
        }
        if (!version.matches("[1-9]\\d{0,8}")) {
            throw RefusedException.notFound(versionField, version, "the number of a version");
        }
        return Optional.of(Integer.valueOf(version));
    }
}

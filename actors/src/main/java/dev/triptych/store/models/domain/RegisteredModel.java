package dev.triptych.store.models.domain;

import dev.triptych.kernel.CborSerializable;
import dev.triptych.kernel.Decision;
import dev.triptych.kernel.Invalid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One model as the registry knows it.
 *
 * @param model {@code system/model}
 * @param versions by number, from 1
 * @param aliases version numbers by alias
 * @param moves every move of an alias, oldest first
 */
public record RegisteredModel(
        String model, List<ModelVersion> versions, Map<String, Integer> aliases, List<RegistryEvent.AliasMoved> moves)
        implements CborSerializable {

    private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

    public RegisteredModel {
        versions = List.copyOf(versions);
        aliases = Map.copyOf(aliases);
        moves = List.copyOf(moves);
    }

    /** Before its first version. */
    public static RegisteredModel empty(String model) {
        return new RegisteredModel(model, List.of(), Map.of(), List.of());
    }

    public Optional<ModelVersion> version(int number) {
        return number >= 1 && number <= versions.size() ? Optional.of(versions.get(number - 1)) : Optional.empty();
    }

    /** The version an alias points to. */
    public Optional<ModelVersion> behind(String alias) {
        return Optional.ofNullable(aliases.get(alias)).flatMap(this::version);
    }

    /** The version a training run made. */
    public Optional<ModelVersion> madeBy(String runId) {
        return versions.stream()
                .filter(version -> version.provenance().runId().equals(runId))
                .findFirst();
    }

    /** Gives the next number; a version of a run that has one already is nothing new. */
    public Decision<RegistryEvent, Invalid> register(ModelVersion version, long nowMicros) {
        if (!version.model().equals(model)) {
            return Decision.refuse(new Invalid("model", version.model(), model));
        }
        if (version.provenance().runId().isEmpty()) {
            return Decision.refuse(new Invalid("provenance.runId", "", "the id of the run that made the version"));
        }
        if (madeBy(version.provenance().runId()).isPresent()) {
            return Decision.nothingToDo();
        }
        return Decision.accept(
                new RegistryEvent.VersionRegistered(version.registeredAs(versions.size() + 1, nowMicros)));
    }

    /** To where it points already is nothing new. */
    public Decision<RegistryEvent, Invalid> moveAlias(
            String alias, int version, String by, String reason, long nowMicros) {
        if (!ALIAS.matcher(alias).matches()) {
            return Decision.refuse(new Invalid(
                    "alias", alias, "1 to 64 letters, digits, dashes and underscores, a letter or digit first"));
        }
        if (version(version).isEmpty()) {
            return Decision.refuse(new Invalid("version", Integer.toString(version), versionsThatExist()));
        }
        int current = aliases.getOrDefault(alias, 0);
        if (current == version) {
            return Decision.nothingToDo();
        }
        return Decision.accept(new RegistryEvent.AliasMoved(alias, version, current, by, reason, nowMicros));
    }

    /**
     * Back to where the alias pointed before its last move. The way back is a move as well: rolling back twice ends
     * where it began.
     */
    public Decision<RegistryEvent, Invalid> rollBack(String alias, String by, String reason, long nowMicros) {
        Optional<RegistryEvent.AliasMoved> last = moves.reversed().stream()
                .filter(move -> move.alias().equals(alias))
                .findFirst();
        if (last.isEmpty()) {
            return Decision.refuse(new Invalid("alias", alias, aliasesThatExist()));
        }
        if (last.get().previous() == 0) {
            return Decision.refuse(new Invalid(
                    "alias",
                    alias,
                    "one that was moved before; it has pointed to version "
                            + last.get().version() + " from its beginning"));
        }
        return moveAlias(alias, last.get().previous(), by, reason, nowMicros);
    }

    /** Total over every event ever written. */
    public RegisteredModel apply(RegistryEvent event) {
        return switch (event) {
            case RegistryEvent.VersionRegistered(var version) ->
                new RegisteredModel(model, appended(versions, version), aliases, moves);
            case RegistryEvent.AliasMoved moved -> {
                var after = new HashMap<>(aliases);
                after.put(moved.alias(), moved.version());
                yield new RegisteredModel(model, versions, after, appended(moves, moved));
            }
        };
    }

    private String versionsThatExist() {
        return switch (versions.size()) {
            case 0 -> "a version; " + model + " has none yet";
            case 1 -> "1, the only version of " + model;
            default -> "1 to " + versions.size() + ", the versions of " + model;
        };
    }

    private String aliasesThatExist() {
        return aliases.isEmpty()
                ? "an alias; " + model + " has none yet"
                : "one of " + aliases.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private static <T> List<T> appended(List<T> list, T element) {
        var longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}

package dev.triptych.runtime.access;

import com.typesafe.config.Config;
import dev.triptych.runtime.StartFailure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The bearer tokens that a node knows, by their SHA-256. That is enough, as tokens are random and long, which a password
 * is not. A node that knows none asks for none.
 */
public final class Tokens {

    private static final String PATH = "triptych.access.tokens";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private record Token(Bearer bearer, byte[] sha256) {}

    private final List<Token> known;

    private Tokens(List<Token> known) {
        this.known = List.copyOf(known);
    }

    /**
     * Reads {@code triptych.access.tokens}, a list of {@code { name, sha256, roles }}.
     *
     * @throws StartFailure if an entry cannot be used
     */
    public static Tokens of(Config config) {
        var known = new ArrayList<Token>();
        var names = new HashSet<String>();
        for (Config entry : config.getConfigList(PATH)) {
            Token token = read(entry, PATH + "[" + known.size() + "]");
            if (!names.add(token.bearer().name())) {
                throw unusable(
                        PATH, token.bearer().name(), "each name once: it is recorded with what its token changes");
            }
            known.add(token);
        }
        return new Tokens(known);
    }

    /** Everybody may do everything. */
    public static Tokens none() {
        return new Tokens(List.of());
    }

    private static Token read(Config entry, String path) {
        String name = entry.getString("name");
        if (name.isBlank()) {
            throw unusable(path + ".name", "empty", "who holds the token");
        }
        String hash = entry.getString("sha256");
        if (!SHA256.matcher(hash).matches()) {
            // Somebody may have put the token itself there.
            throw unusable(
                    path + ".sha256",
                    hash.length() + " characters",
                    "64 hexadecimal digits, as triptych token" + " prints them");
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        entry.getStringList("roles").forEach(label -> roles.add(Role.of(path + ".roles", label)));
        if (roles.isEmpty()) {
            throw unusable(path + ".roles", "none", "one or more of " + Role.labels());
        }
        return new Token(new Bearer(name, roles), HexFormat.of().parseHex(hash));
    }

    private static StartFailure unusable(String path, String found, String expected) {
        return new StartFailure(path + ": " + found + " (expected: " + expected + ")");
    }

    /** Whether callers need one. */
    public boolean required() {
        return !known.isEmpty();
    }

    /** Takes as long for every token: neither how much of it is right nor whose it is shows in the time. */
    Optional<Bearer> find(String presented) {
        byte[] hash = sha256(presented);
        Optional<Bearer> found = Optional.empty();
        for (Token token : known) {
            if (MessageDigest.isEqual(hash, token.sha256())) {
                found = Optional.of(token.bearer());
            }
        }
        return found;
    }

    public static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

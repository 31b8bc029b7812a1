package dev.triptych.runtime.access;

import com.typesafe.config.Config;
import dev.triptych.runtime.StartFailure;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a call may go on: the one place that decides, whatever transport brings it. Callers show a token of this node or
 * a JWT of its OpenID Connect provider; where the node knows neither, it asks for none.
 */
public final class AccessControl {

    private static final String RATE = "triptych.access.requests-per-second";
    private static final String UNLIMITED = "unlimited";
    private static final String SCHEME = "bearer ";

    private final Tokens tokens;
    private final Optional<WebTokens> webTokens;
    private final Optional<RequestRate> rate;

    private AccessControl(Tokens tokens, Optional<WebTokens> webTokens, Optional<RequestRate> rate) {
        this.tokens = tokens;
        this.webTokens = webTokens;
        this.rate = rate;
    }

    /**
     * Reads {@code triptych.access}.
     *
     * @throws StartFailure if it cannot be used
     */
    public static AccessControl of(Config config) {
        return new AccessControl(Tokens.of(config), WebTokens.of(config), rate(config));
    }

    private static Optional<RequestRate> rate(Config config) {
        if (config.getString(RATE).equals(UNLIMITED)) {
            return Optional.empty();
        }
        double perSecond = config.getDouble(RATE);
        if (!(perSecond > 0)) {
            throw new StartFailure(
                    RATE + ": " + config.getString(RATE) + " (expected: " + UNLIMITED + ", or more than 0)");
        }
        return Optional.of(new RequestRate(perSecond));
    }

    /** Everybody may do everything. */
    public static AccessControl open() {
        return new AccessControl(Tokens.none(), Optional.empty(), Optional.empty());
    }

    /** Whether callers need a token. */
    public boolean tokensRequired() {
        return tokens.required() || webTokens.isPresent();
    }

    /** Whether there is anything to decide. */
    public boolean openToAll() {
        return !tokensRequired() && rate.isEmpty();
    }

    /**
     * Whether a caller may do what needs a role, now.
     *
     * @param authorization the header of that name
     * @param address where the caller is, for who shows no token that holds
     * @param call for the answer
     */
    public Access access(Optional<String> authorization, String address, Role needed, String call) {
        Access access = tokensRequired() ? ofToken(authorization, needed, call) : new Access.Granted("");
        String client = access instanceof Access.Granted(String caller) && !caller.isEmpty() ? caller : address;
        if (rate.isPresent() && !rate.get().admits(client)) {
            return new Access.Limited(client + ": more requests than " + RATE + " admits; ask again later");
        }
        return access;
    }

    private Access ofToken(Optional<String> authorization, Role needed, String call) {
        if (authorization.isEmpty()) {
            return unauthenticated("none");
        }
        String header = authorization.get();
        if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return unauthenticated("not of the scheme Bearer");
        }
        String presented = header.substring(SCHEME.length()).strip();
        Optional<Bearer> known = tokens.find(presented);
        if (known.isPresent()) {
            return granted(known.get(), needed, call);
        }
        if (webTokens.isEmpty()) {
            return unauthenticated("of nobody");
        }
        return switch (webTokens.get().check(presented)) {
            case WebTokens.Verdict.Holds(Bearer bearer) -> granted(bearer, needed, call);
            case WebTokens.Verdict.Refused(String why) -> unauthenticated(why);
        };
    }

    private Access unauthenticated(String found) {
        return new Access.Unauthenticated("authorization: " + found + " (expected: Bearer and a token of this node"
                + (webTokens.isPresent() ? " or its OpenID Connect provider)" : ")"));
    }

    private static Access granted(Bearer bearer, Role needed, String call) {
        return bearer.holds(needed)
                ? new Access.Granted(bearer.name())
                : new Access.Denied("token of " + bearer.name() + ": " + bearer.labels() + " (expected: "
                        + needed.label() + ", for " + call + ")");
    }
}

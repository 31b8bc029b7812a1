package dev.triptych.runtime.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import dev.triptych.runtime.StartFailure;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * JSON Web Tokens (RFC 7519) of an OpenID Connect provider. One holds if a key of the provider signed it with an algorithm
 * that is allowed, for this audience, and it has not expired. Only signatures that need a private key are allowed, so that
 * the provider's public keys sign nothing.
 */
final class WebTokens {

    private static final String PATH = "triptych.access.oidc";

    /** Refused together with a provider's clock that runs behind. */
    private static final int CLOCK_SKEW_SECONDS = 30;

    private static final int KEYS_BYTES_MAX = 1024 * 1024;

    /** A call waits for the keys only where none are known yet, or one is signed with a new key. */
    private static final Duration KEYS_WAIT_MAX = Duration.ofSeconds(2);

    /** Whether a token holds. */
    sealed interface Verdict {
        record Holds(Bearer bearer) implements Verdict {}

        /** @param why without the token */
        record Refused(String why) implements Verdict {}
    }

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String nameClaim;
    private final List<String> rolesClaim;
    private final Map<String, Role> roles;

    private WebTokens(
            JWKSource<SecurityContext> keys,
            Set<JWSAlgorithm> algorithms,
            String issuer,
            String audience,
            String nameClaim,
            List<String> rolesClaim,
            Map<String, Role> roles) {
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), null));
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys));
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(
                audience, new JWTClaimsSet.Builder().issuer(issuer).build(), Set.of("exp", nameClaim));
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
        this.nameClaim = nameClaim;
        this.rolesClaim = rolesClaim;
        this.roles = Map.copyOf(roles);
    }

    /**
     * Reads {@code triptych.access.oidc}; empty where no issuer is set.
     *
     * @throws StartFailure if it cannot be used
     */
    static Optional<WebTokens> of(Config config) {
        Config oidc = config.getConfig(PATH);
        String issuer = oidc.getString("issuer");
        if (issuer.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new WebTokens(
                keys(oidc.getString("jwks")),
                algorithms(oidc.getStringList("algorithms")),
                issuer,
                required(oidc, "audience", "the name by which the provider knows this cluster"),
                required(oidc, "name-claim", "the claim that names who holds a token, such as sub"),
                ConfigUtil.splitPath(required(oidc, "roles-claim", "a claim, or a path to one, such as realm.roles")),
                roles(oidc.getConfig("roles"))));
    }

    private static String required(Config oidc, String setting, String expected) {
        String value = oidc.getString(setting);
        if (value.isEmpty()) {
            throw unusable(setting, "empty", expected);
        }
        return value;
    }

    private static JWKSource<SecurityContext> keys(String address) {
        int wait = Math.toIntExact(KEYS_WAIT_MAX.toMillis());
        return JWKSourceBuilder.create(url(address), new DefaultResourceRetriever(wait, wait, KEYS_BYTES_MAX))
                .retrying(true)
                .outageTolerantForever()
                .build();
    }

    /** Over plain HTTP anybody on the way could put in keys of their own. */
    private static URL url(String address) {
        try {
            var uri = URI.create(address);
            boolean local = "http".equals(uri.getScheme())
                    && Set.of("127.0.0.1", "localhost", "[::1]").contains(uri.getHost());
            if ("https".equals(uri.getScheme()) || "file".equals(uri.getScheme()) || local) {
                return uri.toURL();
            }
        } catch (IllegalArgumentException | MalformedURLException e) {
            throw unusable("jwks", address, "an https or file URL of the provider's keys");
        }
        throw unusable("jwks", address, "an https or file URL of the provider's keys");
    }

    private static Set<JWSAlgorithm> algorithms(List<String> names) {
        Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
        for (String name : names) {
            JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
            if (!JWSAlgorithm.Family.SIGNATURE.contains(algorithm)) {
                throw unusable("algorithms", name, "signatures that need a private key: " + signatures());
            }
            algorithms.add(algorithm);
        }
        if (algorithms.isEmpty()) {
            throw unusable("algorithms", "none", "one or more of " + signatures());
        }
        return algorithms;
    }

    private static String signatures() {
        return JWSAlgorithm.Family.SIGNATURE.stream()
                .map(JWSAlgorithm::getName)
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static Map<String, Role> roles(Config config) {
        var roles = new LinkedHashMap<String, Role>();
        config.root()
                .forEach((value, label) ->
                        roles.put(value, Role.of(PATH + ".roles." + value, String.valueOf(label.unwrapped()))));
        if (roles.isEmpty()) {
            throw unusable("roles", "none", "a role for one or more values of the claim");
        }
        return roles;
    }

    private static StartFailure unusable(String setting, String found, String expected) {
        return new StartFailure(PATH + "." + setting + ": " + found + " (expected: " + expected + ")");
    }

    Verdict check(String token) {
        try {
            JWTClaimsSet claims = processor.process(token, null);
            String name = claims.getStringClaim(nameClaim);
            // Told apart from the names of this node's own tokens.
            return new Verdict.Holds(new Bearer("oidc:" + name, roles(claims)));
        } catch (ParseException e) {
            return new Verdict.Refused("no token of this node and no JWT");
        } catch (RateLimitReachedException e) {
            return new Verdict.Refused("signed with a key that the provider did not have when it was last asked");
        } catch (KeySourceException e) {
            return new Verdict.Refused("the provider's keys cannot be had: " + e.getMessage());
        } catch (BadJOSEException | JOSEException e) {
            return new Verdict.Refused(String.valueOf(e.getMessage()));
        }
    }

    private Set<Role> roles(JWTClaimsSet claims) {
        Object found = claims.getClaims();
        for (String step : rolesClaim) {
            found = found instanceof Map<?, ?> parent ? parent.get(step) : null;
        }
        Set<Role> granted = EnumSet.noneOf(Role.class);
        values(found).map(roles::get).filter(role -> role != null).forEach(granted::add);
        return granted;
    }

    /** A list, or words with spaces between, as OAuth 2 writes scopes. */
    private static Stream<String> values(@Nullable Object claim) {
        return switch (claim) {
            case Collection<?> several -> several.stream().map(String::valueOf);
            case String words -> Stream.of(words.split(" "));
            case null, default -> Stream.empty();
        };
    }
}

package dev.triptych.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.triptych.runtime.StartFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JWTs of a provider, and others that somebody made. */
class WebTokensTest {

    private static final String ISSUER = "https://id.example";

    @TempDir
    static Path folder;

    private static RSAKey rsa;
    private static ECKey elliptic;
    private static Path keys;
    private static AccessControl control;

    @BeforeAll
    static void publish() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("r").generate();
        elliptic = new ECKeyGenerator(Curve.P_256).keyID("e").generate();
        keys = Files.writeString(folder.resolve("jwks.json"), new JWKSet(List.of(rsa, elliptic)).toString());
        control = control(keys.toUri().toString(), "");
    }

    @Test
    void holdsWhereTheProviderSignedItForUs() throws Exception {
        assertThat(ask(signed(rsa, claims -> claims))).isEqualTo(new Access.Granted("oidc:ada"));

        assertThat(ask(elliptic())).isEqualTo(new Access.Granted("oidc:ada"));
    }

    @ParameterizedTest
    @CsvSource({
        "ml-readers, READER, true",
        "ml-readers, WRITER, false",
        "ml-admins, TRAINER, true",
        "cooks, READER, false"
    })
    void mayDoWhatItsClaimIsTurnedInto(String group, Role needed, boolean granted) throws Exception {
        Access access = ask(signed(rsa, claims -> claims.claim("realm", Map.of("groups", List.of(group)))), needed);

        assertThat(access instanceof Access.Granted).as(access.toString()).isEqualTo(granted);
        if (!granted) {
            assertThat(access).isInstanceOf(Access.Denied.class);
        }
    }

    @Test
    void readsRolesWrittenAsScopes() throws Exception {
        AccessControl scopes = control(keys.toUri().toString(), "roles-claim = scope");

        assertThat(scopes.access(
                        Optional.of("Bearer " + signed(rsa, claims -> claims.claim("scope", "openid ml-admins"))),
                        "here",
                        Role.ADMIN,
                        "a call"))
                .isInstanceOf(Access.Granted.class);
    }

    @Test
    void hasExpiredOrIsNotYetValid() throws Exception {
        Instant now = Instant.now();

        assertRefused(signed(rsa, claims -> claims.expirationTime(Date.from(now.minusSeconds(60)))), "Expired JWT");
        assertRefused(signed(rsa, claims -> claims.expirationTime(null)), "exp");
        assertRefused(
                signed(rsa, claims -> claims.notBeforeTime(Date.from(now.plusSeconds(3_600)))), "before use time");
    }

    @Test
    void isOfAnotherIssuerForSomebodyElseOrOfNobody() throws Exception {
        assertRefused(signed(rsa, claims -> claims.issuer("https://id.example.evil")), "iss");
        assertRefused(signed(rsa, claims -> claims.audience("billing")), "aud");
        assertRefused(signed(rsa, claims -> claims.audience((String) null)), "aud");
        assertRefused(signed(rsa, claims -> claims.subject(null)), "sub");
    }

    @Test
    void isSignedByNobody() throws Exception {
        assertRefused(new PlainJWT(claims().build()).serialize(), "");
        String good = signed(rsa, claims -> claims);
        String unsigned = good.substring(0, good.lastIndexOf('.') + 1);
        assertRefused(unsigned, "");
        String none = "eyJhbGciOiJub25lIn0" + good.substring(good.indexOf('.'));
        assertRefused(none, "");
    }

    /** The public key, which everybody has, as the secret of a MAC: verifiers that believe the header take it. */
    @Test
    void isSignedWithThePublicKey() throws Exception {
        byte[] published = rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        for (byte[] secret : List.of(published, rsa.toRSAPublicKey().getEncoded())) {
            var jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("r").build(), claims().build());
            jwt.sign(new MACSigner(secret));
            assertRefused(jwt.serialize(), "");
        }
    }

    @Test
    void isSignedWithAKeyOfTheAttackersOrChanged() throws Exception {
        RSAKey other = new RSAKeyGenerator(2048).keyID("r").generate();
        assertRefused(signed(other, claims -> claims), "");

        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("r")
                .jwk(other.toPublicJWK())
                .build();
        var jwt = new SignedJWT(header, claims().build());
        jwt.sign(new RSASSASigner(other));
        assertRefused(jwt.serialize(), "");

        String[] good = signed(rsa, claims -> claims).split("\\.");
        String admin = signed(rsa, claims -> claims.claim("realm", Map.of("groups", List.of("ml-admins"))))
                .split("\\.")[1];
        assertRefused(good[0] + "." + admin + "." + good[2], "");
        assertRefused("a.b.c", "no JWT");
    }

    @Test
    void isNoAccessToken() throws Exception {
        var header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("r")
                .type(new JOSEObjectType("logout+jwt"))
                .build();
        var jwt = new SignedJWT(header, claims().build());
        jwt.sign(new RSASSASigner(rsa));

        assertRefused(jwt.serialize(), "typ");
    }

    @Test
    void keysAreFetchedAndNewOnesFound() throws Exception {
        var published = new AtomicReference<>(new JWKSet(elliptic.toPublicJWK()));
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/keys", exchange -> {
            byte[] body = published.get().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        provider.start();
        try {
            AccessControl fetched =
                    control("http://127.0.0.1:" + provider.getAddress().getPort() + "/keys", "");
            Optional<String> bearer = Optional.of("Bearer " + signed(rsa, claims -> claims));
            assertThat(fetched.access(Optional.of("Bearer " + elliptic()), "here", Role.READER, "a call"))
                    .isInstanceOf(Access.Granted.class);
            published.set(new JWKSet(rsa.toPublicJWK()));

            assertThat(fetched.access(bearer, "here", Role.READER, "a call")).isInstanceOf(Access.Granted.class);
        } finally {
            provider.stop(0);
        }
    }

    @Test
    void aProviderThatIsAway() throws Exception {
        AccessControl away = control("https://127.0.0.1:1/keys", "");

        Access access =
                away.access(Optional.of("Bearer " + signed(rsa, claims -> claims)), "here", Role.READER, "a call");

        assertThat(((Access.Unauthenticated) access).message()).contains("the provider's keys cannot be had");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "algorithms = [HS256] | algorithms: HS256 (expected: signatures that need a private key",
                "algorithms = [none] | algorithms: none",
                "algorithms = [] | algorithms: none (expected: one or more",
                "audience = \"\" | audience: empty",
                "jwks = \"http://id.example/keys\" | jwks: http://id.example/keys (expected: an https or file URL",
                "jwks = \"\" | jwks: ",
                "roles { ml-admins = root } | roles.ml-admins: root (expected: one of reader, writer, trainer, admin)"
            })
    void settingsThatCannotBeMeant(String setting, String told) {
        assertThatThrownBy(() -> control(keys.toUri().toString(), setting))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("triptych.access.oidc." + told);
    }

    private static AccessControl control(String jwks, String more) {
        Config oidc = ConfigFactory.parseString("""
                issuer = "https://id.example"
                jwks = "%s"
                roles-claim = realm.groups
                roles { ml-admins = admin, ml-readers = reader }
                %s
                """.formatted(jwks, more));
        return AccessControl.of(ConfigFactory.load(
                oidc.atPath("triptych.access.oidc").withFallback(ConfigFactory.parseResources("application.conf"))));
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience("triptych")
                .subject("ada")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("realm", Map.of("groups", List.of("ml-readers")));
    }

    private static String signed(RSAKey key, UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        var jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                change.apply(claims()).build());
        jwt.sign(new RSASSASigner(key));
        return jwt.serialize();
    }

    private static String elliptic() throws JOSEException {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("e").build();
        var jwt = new SignedJWT(header, claims().build());
        jwt.sign(new ECDSASigner(elliptic));
        return jwt.serialize();
    }

    private static Access ask(String token) {
        return ask(token, Role.READER);
    }

    private static Access ask(String token, Role needed) {
        return control.access(Optional.of("Bearer " + token), "here", needed, "a call");
    }

    private static void assertRefused(String token, String says) {
        assertThat(ask(token))
                .isInstanceOfSatisfying(
                        Access.Unauthenticated.class,
                        refused -> assertThat(refused.message())
                                .containsIgnoringCase(says)
                                .doesNotContain(token));
    }
}

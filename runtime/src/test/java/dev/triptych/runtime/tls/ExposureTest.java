package dev.triptych.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.runtime.NodeSettings;
import dev.triptych.runtime.ShopSystem;
import dev.triptych.runtime.StartFailure;
import dev.triptych.runtime.access.Tokens;
import dev.triptych.runtime.tls.Authority.Issued;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node does not listen beyond its machine without certificates that are valid and tokens that callers need. */
class ExposureTest {

    private static final Map<String, Object> TOKENS = Map.of(
            "triptych.access.tokens",
            List.of(Map.of(
                    "name",
                    "ada",
                    "sha256",
                    HexFormat.of().formatHex(Tokens.sha256("ada")),
                    "roles",
                    List.of("admin"))));

    @TempDir
    static Path folder;

    private static Authority authority;
    private static Issued issued;

    @BeforeAll
    static void issue() throws Exception {
        authority = Authority.in(folder.resolve("ca"), "authority");
        issued = authority.issue("node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"triptych.grpc.host", "triptych.http.host"})
    void clientsFromElsewhereNeedTlsAndTokens(String host) {
        assertRefused(
                Map.of(host, "0.0.0.0"),
                host + ": 0.0.0.0 (expected: a loopback address, as triptych.tls.certificate is not set: others could"
                        + " read every call)");
        assertRefused(with(TOKENS, Map.of(host, "0.0.0.0")), "triptych.tls.certificate is not set");
        assertRefused(
                with(tls(issued), Map.of(host, "0.0.0.0")),
                host + ": 0.0.0.0 (expected: a loopback address, as triptych.access.tokens is empty and"
                        + " triptych.access.oidc.issuer not set: anybody could do everything)");

        assertThat(settings(with(tls(issued), TOKENS, Map.of(host, "0.0.0.0")))
                        .config()
                        .getString(host))
                .isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"akka.remote.artery.canonical.hostname", "akka.remote.artery.bind.hostname"})
    void nodesFromElsewhereNeedCertificatesOfOneAuthority(String host) {
        assertRefused(Map.of(host, "192.0.2.1"), host + ": 192.0.2.1", "anybody could join the cluster");
        assertRefused(Map.of(host, "<getHostAddress>"), host, "anybody could join the cluster");
        assertRefused(with(tls(issued), Map.of(host, "192.0.2.1")), "triptych.tls.nodes.certificate and .ca");

        NodeSettings settings = settings(with(tls(issued), ca(authority), Map.of(host, "192.0.2.1")));
        assertThat(settings.config().getString("akka.remote.artery.transport")).isEqualTo("tls-tcp");
    }

    @Test
    void aCertificateThatIsNotValidNow() throws Exception {
        Issued expired = authority.issueExpired("expired");
        Issued future = authority.issueFuture("future");

        assertRefused(tls(expired), "triptych.tls.certificate: " + expired.certificate() + " expired at ", "renew it");
        assertRefused(tls(future), future.certificate() + " is valid from ", "clock");
    }

    @Test
    void filesThatAreNotWhatTheyShouldBe() throws Exception {
        Issued other = authority.issue("other");
        Path text = Files.writeString(folder.resolve("text"), "no certificate");
        Path nowhere = folder.resolve("nowhere");

        assertRefused(Map.of("triptych.tls.certificate", "x"), "triptych.tls.key: empty");
        assertRefused(Map.of("triptych.tls.key", "x"), "triptych.tls.certificate: empty");
        assertRefused(
                tls(new Issued(nowhere, issued.key())), "triptych.tls.certificate: " + nowhere + " cannot be read");
        assertRefused(
                tls(new Issued(text, issued.key())),
                "triptych.tls.certificate: " + text + " (expected: a PEM file with a certificate)");
        assertRefused(tls(new Issued(issued.certificate(), text)), "triptych.tls.key: " + text, "BEGIN PRIVATE KEY");
        assertRefused(
                tls(new Issued(issued.certificate(), other.key())),
                "triptych.tls.key: " + other.key() + " (expected: the key of the certificate in "
                        + issued.certificate());
    }

    @Test
    void nodesCertificatesThatOthersWouldNotTake() throws Exception {
        Authority another = Authority.in(folder.resolve("another"), "another");
        Issued elliptic = authority.issueElliptic("elliptic");

        assertRefused(
                with(tls(issued), ca(another)),
                "triptych.tls.nodes.certificate: " + issued.certificate() + " (expected: one that "
                        + another.certificate() + " issued");
        assertRefused(with(tls(elliptic), ca(authority)), "triptych.tls.nodes.key: EC (expected: RSA");
    }

    private static void assertRefused(Map<String, Object> settings, String... says) {
        assertThatThrownBy(() -> settings(settings))
                .isInstanceOf(StartFailure.class)
                .message()
                .contains(says)
                .satisfies(message ->
                        assertThat(message.lines()).as("one sentence").hasSize(1));
    }

    private static NodeSettings settings(Map<String, Object> more) {
        return ShopSystem.settings(folder.resolve("data"), folder.resolve("systems"), more);
    }

    private static Map<String, Object> tls(Issued files) {
        return Map.of(
                "triptych.tls.certificate",
                files.certificate().toString(),
                "triptych.tls.key",
                files.key().toString());
    }

    private static Map<String, Object> ca(Authority authority) {
        return Map.of("triptych.tls.ca", authority.certificate().toString());
    }

    @SafeVarargs
    private static Map<String, Object> with(Map<String, Object>... all) {
        var merged = new HashMap<String, Object>();
        for (Map<String, Object> settings : all) {
            merged.putAll(settings);
        }
        return merged;
    }
}

package dev.triptych.runtime.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.typesafe.config.ConfigFactory;
import dev.triptych.runtime.StartFailure;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TokensTest {

    /** SHA-256 of "abc" and of the empty message, as FIPS 180-4's examples have them. */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String HERE = "127.0.0.1";

    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @ParameterizedTest
    @CsvSource({
        "reader, READER, true",
        "reader, WRITER, false",
        "writer, READER, true",
        "writer, WRITER, true",
        "writer, TRAINER, false",
        "trainer, ADMIN, false",
        "admin, WRITER, true",
        "admin, TRAINER, true",
        "admin, ADMIN, true"
    })
    void letsAHolderDoWhatTheRoleSays(String held, Role needed, boolean granted) {
        Access access = one("ada", ABC, held).access(Optional.of("Bearer abc"), HERE, needed, "a call");

        assertThat(access instanceof Access.Granted).isEqualTo(granted);
        if (!granted) {
            assertThat(((Access.Denied) access).message()).contains("ada", held, needed.label(), "a call");
        }
    }

    @ParameterizedTest
    @CsvSource({"Bearer abd", "Bearer ab", "Bearer", "Basic abc", "abc", "Bearer " + ABC, "Bearer abc abc", "''"})
    void knowsNoOtherTokenAndRepeatsNone(String header) {
        var access = (Access.Unauthenticated)
                one("ada", ABC, "admin").access(Optional.of(header), HERE, Role.READER, "a call");

        assertThat(access.message()).doesNotContain("abc").doesNotContain("abd").contains("expected: Bearer");
    }

    @Test
    void asksForATokenOnceItKnowsOne() {
        assertThat(AccessControl.open().access(Optional.empty(), HERE, Role.ADMIN, "a call"))
                .isEqualTo(new Access.Granted(""));
        assertThat(one("ada", EMPTY, "admin").access(Optional.empty(), HERE, Role.READER, "a call"))
                .isInstanceOf(Access.Unauthenticated.class);
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                arguments("[{ name = ada, sha256 = secret, roles = [reader] }]", "tokens[0].sha256: 6 characters"),
                arguments("[{ name = \"\", sha256 = " + ABC + ", roles = [reader] }]", "tokens[0].name: empty"),
                arguments("[{ name = ada, sha256 = " + ABC + ", roles = [] }]", "tokens[0].roles: none"),
                arguments("[{ name = ada, sha256 = " + ABC + ", roles = [root] }]", "roles: root"),
                arguments(
                        "[{ name = ada, sha256 = " + ABC + ", roles = [reader] }," + " { name = ada, sha256 = " + EMPTY
                                + ", roles = [reader] }]",
                        "each name once"));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void refusesAConfigurationThatCannotBeMeant(String tokens, String told) {
        assertThatThrownBy(() -> Tokens.of(ConfigFactory.parseString("triptych.access.tokens = " + tokens)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(told)
                .hasMessageNotContaining("secret");
    }

    private static AccessControl one(String name, String sha256, String role) {
        return AccessControl.of(ConfigFactory.load(ConfigFactory.parseString("triptych.access.tokens = [{ name = "
                        + name + ", sha256 = " + sha256 + ", roles = [" + role + "] }]")
                .withFallback(ConfigFactory.parseResources("application.conf"))));
    }
}

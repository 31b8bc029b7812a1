package dev.triptych.runtime.cli;

import dev.triptych.runtime.access.Role;
import dev.triptych.runtime.access.Tokens;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes up a token. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Makes up a token, and the line by which a node knows it, for triptych.access.tokens of its configuration.",
            "The node keeps only the hash: whoever loses the token needs another."
        })
final class TokenCommand implements Callable<Integer> {

    /** As many as the hash has; nobody guesses them. */
    private static final int TOKEN_BYTES = 32;

    @Parameters(paramLabel = "NAME", description = "who will hold it; recorded with what they change")
    String name = "";

    @Option(
            names = "--role",
            required = true,
            paramLabel = "ROLE",
            description = "${COMPLETION-CANDIDATES}; may be given again")
    List<Role> roles = List.of();

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        var bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        String token = "triptych_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var output = Objects.requireNonNull(spec).commandLine().getOut();
        output.println("token    " + token);
        output.println("node     { name = \"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\", sha256 = \""
                + HexFormat.of().formatHex(Tokens.sha256(token)) + "\", roles = ["
                + roles.stream().map(Role::label).distinct().collect(Collectors.joining(", ")) + "] }");
        output.flush();
        return ExitCode.OK;
    }
}

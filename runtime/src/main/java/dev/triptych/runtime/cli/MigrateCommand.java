package dev.triptych.runtime.cli;

import dev.triptych.runtime.Node;
import dev.triptych.runtime.NodeSettings;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Brings the schema of a database up to this release, and ends. Nodes do so themselves when they start; this is"
                    + " for doing it before, with other rights.",
            "User and password are TRIPTYCH_POSTGRES_USER and TRIPTYCH_POSTGRES_PASSWORD."
        })
final class MigrateCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Option(
            names = "--postgres",
            paramLabel = "JDBC-URL",
            required = true,
            defaultValue = "${env:TRIPTYCH_POSTGRES_URL}",
            description = "the database (or TRIPTYCH_POSTGRES_URL)")
    String url = "";

    @Override
    public Integer call() {
        Node.migrate(new NodeSettings.Database(
                url, environment("TRIPTYCH_POSTGRES_USER", "triptych"), environment("TRIPTYCH_POSTGRES_PASSWORD", "")));
        new Output(spec.commandLine().getOut()).line("The schema at " + url + " is that of this release.");
        return ExitCode.OK;
    }

    private static String environment(String name, String otherwise) {
        return Objects.requireNonNullElse(System.getenv(name), otherwise);
    }
}

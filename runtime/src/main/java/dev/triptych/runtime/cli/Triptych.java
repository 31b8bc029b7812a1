package dev.triptych.runtime.cli;

import dev.triptych.runtime.StartFailure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code triptych}. */
@Command(
        name = "triptych",
        mixinStandardHelpOptions = true,
        version = "triptych 0.1.0",
        description = "Feature, training and inference pipelines around one event-sourced data layer.",
        footer = {
            "",
            "Exit codes: 0 done; 1 done, and it did not go well; 2 wrong command or definition; 3 no node answered."
        },
        subcommands = {
            DemoCommand.class,
            NodeCommand.class,
            ClusterCommand.class,
            CheckCommand.class,
            RunCommand.class,
            RunsCommand.class,
            FeaturesCommand.class,
            ModelsCommand.class,
            DeploymentsCommand.class,
            PredictCommand.class,
            PredictionsCommand.class,
            ReplayCommand.class,
            AuditCommand.class,
            MonitorCommand.class,
            TokenCommand.class,
            MigrateCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Triptych {

    private Triptych() {}

    /** @return the exit code, see {@link ExitCode} */
    public static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Triptych())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExitCodeExceptionMapper(Triptych::exitCode)
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> {
                    PrintWriter err = commandLine.getErr();
                    err.println("triptych: " + sentence(failure));
                    err.flush();
                    return exitCode(failure);
                });
    }

    private static int exitCode(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException refused -> ExitCode.of(refused.getStatus());
            case CommandLine.ParameterException wrong -> ExitCode.USAGE;
            default -> ExitCode.FAILED;
        };
    }

    private static String sentence(Throwable failure) {
        if (failure instanceof StatusRuntimeException refused) {
            Status status = refused.getStatus();
            String description = status.getDescription();
            Optional<String> distrust = NodeTrust.sentence(status);
            if (status.getCode() == Status.Code.UNAVAILABLE && distrust.isPresent()) {
                return distrust.get();
            }
            if (status.getCode() == Status.Code.UNAVAILABLE && "io exception".equals(description)) {
                return "no node answers there; start one with 'triptych node', or name it with --node HOST:PORT";
            }
            if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
                return "no answer in time; ask again, or wait longer with --timeout SECONDS";
            }
            if (status.getCause() instanceof UnknownHostException) {
                return description + "; mend the name, or name another node with --node HOST:PORT";
            }
            return description == null ? status.getCode().name() : description;
        }
        if (failure instanceof StartFailure || failure instanceof DemoRun.DemoFailure) {
            return String.valueOf(failure.getMessage());
        }
        return failure.toString();
    }
}

package dev.triptych.runtime.cli;

import dev.triptych.v1.ChangeDeploymentRequest;
import dev.triptych.v1.DeploymentLimits;
import dev.triptych.v1.GetDeploymentRequest;
import dev.triptych.v1.ListDeploymentsRequest;
import dev.triptych.v1.Route;
import dev.triptych.v1.Routes;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.Shadows;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "deployments",
        mixinStandardHelpOptions = true,
        description = "Which versions answer, with what share of the traffic, and which only shadow.")
final class DeploymentsCommand {

    private static final String SYSTEM = "SYSTEM";
    private static final String DEPLOYMENT = "DEPLOYMENT";
    private static final int ALL = 100;

    /** What every change says. */
    static final class Changed {
        @Parameters(index = "0", paramLabel = SYSTEM)
        String system = "";

        @Parameters(index = "1", paramLabel = DEPLOYMENT)
        String deployment = "";

        @Option(names = "--reason", defaultValue = "", description = "recorded with the change")
        String reason = "";

        private ChangeDeploymentRequest.Builder request() {
            return ChangeDeploymentRequest.newBuilder()
                    .setSystem(system)
                    .setDeployment(deployment)
                    .setBy(NodeOptions.user())
                    .setReason(reason);
        }
    }

    @Spec
    CommandSpec spec;

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every deployment.")
    int list(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = SYSTEM, arity = "0..1", defaultValue = "", description = "all, if left out")
                    String system) {
        try (NodeClient client = node.connect()) {
            table(node)
                    .list(client.deployments()
                            .listDeployments(ListDeploymentsRequest.newBuilder()
                                    .setSystem(system)
                                    .build())
                            .getDeploymentsList());
            return ExitCode.OK;
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "One deployment: as it should be, as each node serves it, and who changed it.")
    int show(
            @Mixin NodeOptions node,
            @Parameters(paramLabel = SYSTEM) String system,
            @Parameters(paramLabel = DEPLOYMENT) String deployment) {
        try (NodeClient client = node.connect()) {
            table(node)
                    .show(client.deployments()
                            .getDeployment(GetDeploymentRequest.newBuilder()
                                    .setSystem(system)
                                    .setDeployment(deployment)
                                    .build()));
            return ExitCode.OK;
        }
    }

    @Command(
            name = "route",
            mixinStandardHelpOptions = true,
            description = "Splits the keys among versions; the same key is always answered by the same route.")
    int route(
            @Mixin NodeOptions node,
            @Mixin Changed changed,
            @Parameters(
                            index = "2..*",
                            paramLabel = "TO=PERCENT",
                            arity = "1..*",
                            description = "an alias or a version's number, and its share; TO alone for all of it")
                    List<String> routes) {
        var all = Routes.newBuilder();
        routes.forEach(text -> all.addRoutes(route(text)));
        return change(node, changed.request().setRoutes(all));
    }

    private Route route(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return Route.newBuilder().setTo(text).setWeight(ALL).build();
        }
        try {
            return Route.newBuilder()
                    .setTo(text.substring(0, equals))
                    .setWeight(Integer.parseInt(text.substring(equals + 1)))
                    .build();
        } catch (NumberFormatException e) {
            throw new ParameterException(
                    spec.commandLine(), text + " (expected: TO=PERCENT, for example champion=90 2=10)");
        }
    }

    @Command(
            name = "shadow",
            mixinStandardHelpOptions = true,
            description = "Has versions predict beside the answers, recorded and shown to nobody.")
    int shadow(
            @Mixin NodeOptions node,
            @Mixin Changed changed,
            @Parameters(
                            index = "2..*",
                            paramLabel = "TO",
                            arity = "0..*",
                            description = "aliases or versions' numbers, all of them; none to end shadowing")
                    @Nullable
                    List<String> shadows) {
        var all = Shadows.newBuilder();
        if (shadows != null) {
            all.addAllTo(shadows);
        }
        return change(node, changed.request().setShadows(all));
    }

    @Command(
            name = "audit",
            mixinStandardHelpOptions = true,
            description = "How far predictions are recorded before they are answered.")
    int audit(
            @Mixin NodeOptions node,
            @Mixin Changed changed,
            @Parameters(index = "2", paramLabel = "MODE", description = "durable, async or off") String mode) {
        return change(node, changed.request().setAudit(mode));
    }

    @Command(
            name = "stale",
            mixinStandardHelpOptions = true,
            description = "What becomes of features outside their maximum age.")
    int stale(
            @Mixin NodeOptions node,
            @Mixin Changed changed,
            @Parameters(index = "2", paramLabel = "RULE", description = "refuse, warn or allow") String rule) {
        return change(node, changed.request().setStale(rule));
    }

    @Command(name = "limit", mixinStandardHelpOptions = true, description = "What is too much, and too late.")
    int limit(
            @Mixin NodeOptions node,
            @Mixin Changed changed,
            @Option(
                            names = "--in-flight",
                            paramLabel = "INSTANCES",
                            description = "under way at once on a node; as it is, if left out")
                    @Nullable
                    Integer inFlight,
            @Option(
                            names = "--deadline-ms",
                            paramLabel = "MS",
                            description = "for an answer, 0 for none; as it is, if left out")
                    @Nullable
                    Integer deadline) {
        if (inFlight == null && deadline == null) {
            throw new ParameterException(spec.commandLine(), "Give --in-flight, --deadline-ms, or both");
        }
        if (inFlight != null && inFlight < 1) {
            throw new ParameterException(spec.commandLine(), "--in-flight: " + inFlight + " (expected: 1 or more)");
        }
        var limits = DeploymentLimits.newBuilder().setInFlight(inFlight == null ? 0 : inFlight);
        if (deadline != null) {
            limits.setDeadline(com.google.protobuf.util.Durations.fromMillis(deadline));
        }
        return change(node, changed.request().setLimits(limits));
    }

    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            description = "Takes everything that was changed back to the definition.")
    int reset(@Mixin NodeOptions node, @Mixin Changed changed) {
        return change(node, changed.request().setReset(true));
    }

    private int change(NodeOptions node, ChangeDeploymentRequest.Builder request) {
        try (NodeClient client = node.connect()) {
            ServedDeployment changed = client.deployments().changeDeployment(request.build());
            table(node).show(changed);
            return changed.getNodesList().stream()
                            .allMatch(each -> each.getProblem().isEmpty())
                    ? ExitCode.OK
                    : ExitCode.FAILED;
        }
    }

    private DeploymentTable table(NodeOptions node) {
        return new DeploymentTable(new Output(spec.commandLine().getOut()), node.json);
    }
}

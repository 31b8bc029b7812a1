package dev.triptych.runtime.cli;

import com.google.protobuf.util.Durations;
import dev.triptych.v1.DeploymentChange;
import dev.triptych.v1.DeploymentLimits;
import dev.triptych.v1.ServedDeployment;
import dev.triptych.v1.ServedVersion;
import dev.triptych.v1.ServingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Shows deployments. */
record DeploymentTable(Output output, boolean json) {

    void list(List<ServedDeployment> deployments) {
        if (json) {
            deployments.forEach(output::json);
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("DEPLOYMENT", "MODEL", "ROUTES", "SHADOWS", "AUDIT", "SERVED"));
        for (ServedDeployment deployment : deployments) {
            rows.add(List.of(
                    deployment.getSystem() + "/" + deployment.getName(),
                    deployment.getModel(),
                    routes(deployment),
                    deployment.getShadowsCount() == 0 ? "-" : String.join(" ", deployment.getShadowsList()),
                    deployment.getAudit(),
                    deployment.getNodesList().stream()
                            .map(node -> served(node.getRoutesList())
                                    + (node.getProblem().isEmpty() ? "" : " (!)"))
                            .distinct()
                            .collect(Collectors.joining("; "))));
        }
        output.table(rows);
    }

    void show(ServedDeployment deployment) {
        if (json) {
            output.json(deployment);
            return;
        }
        output.line(deployment.getSystem() + "/" + deployment.getName() + " of model " + deployment.getModel());
        output.line("routes   " + routes(deployment));
        output.line("shadows  "
                + (deployment.getShadowsCount() == 0 ? "none" : String.join(" ", deployment.getShadowsList())));
        output.line("limits   " + limits(deployment.getLimits()));
        output.line("audit    " + deployment.getAudit());
        output.line("stale    " + deployment.getStale());
        for (ServingNode node : deployment.getNodesList()) {
            output.line("serves   " + served(node.getRoutesList())
                    + (node.getShadowsCount() == 0 ? "" : ", shadows " + served(node.getShadowsList()))
                    + " on " + node.getNode());
            if (!node.getProblem().isEmpty()) {
                output.line("problem  " + node.getProblem() + " on " + node.getNode());
            }
        }
        if (deployment.getChangesCount() > 0) {
            changes(deployment.getChangesList());
        }
    }

    private void changes(List<DeploymentChange> changes) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("CHANGED", "TO", "BY", "TIME", "REASON"));
        changes.forEach(change -> rows.add(List.of(
                change.getChanged(),
                change.getTo(),
                change.getBy().isEmpty() ? "-" : change.getBy(),
                Output.time(change.hasAt(), change.getAt()),
                change.getReason().isEmpty() ? "-" : change.getReason())));
        output.table(rows);
    }

    private static String routes(ServedDeployment deployment) {
        return deployment.getRoutesList().stream()
                .map(route -> route.getTo() + "=" + route.getWeight())
                .collect(Collectors.joining(" "));
    }

    private static String served(List<ServedVersion> versions) {
        return versions.isEmpty()
                ? "nothing"
                : versions.stream()
                        .map(each -> "version " + each.getVersion()
                                + (each.getWeight() == 0 ? "" : " " + each.getWeight() + " %"))
                        .collect(Collectors.joining(", "));
    }

    private static String limits(DeploymentLimits limits) {
        return limits.getInFlight() + " instances in flight, "
                + (limits.hasDeadline()
                        ? "deadline " + Durations.toMillis(limits.getDeadline()) + " ms"
                        : "no deadline");
    }
}

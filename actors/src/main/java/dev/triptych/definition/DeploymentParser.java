package dev.triptych.definition;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Route;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.ServingRules;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.kernel.Invalid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how a deployment answers: routes, shadows, limits, audit, and what becomes of stale features. */
final class DeploymentParser {

    private static final String CHAMPION = "champion";
    private static final Pattern DEADLINE = Pattern.compile("(\\d{1,6}) ?(ms|s)");

    private final Section section;

    DeploymentParser(Section section) {
        this.section = section;
    }

    ServingRules rules() {
        Routing routing = routing();
        Limits limits = section.section("limits").map(this::limits).orElse(Limits.DEFAULT);
        Audit audit = section.oneOf("audit", Map.of("durable", Audit.DURABLE, "async", Audit.ASYNC, "off", Audit.OFF))
                .orElse(Audit.DURABLE);
        Stale stale = section.oneOf("stale", Map.of("refuse", Stale.REFUSE, "warn", Stale.WARN, "allow", Stale.ALLOW))
                .orElse(Stale.WARN);
        return new ServingRules(routing, shadows(audit), limits, audit, stale);
    }

    private Routing routing() {
        String alias = section.name("alias", CHAMPION);
        Optional<Section> given = section.section("routes");
        if (given.isEmpty()) {
            return Routing.allTo(alias);
        }
        if (section.has("alias")) {
            section.mistake("alias", "beside routes", "keep one of them; alias = x means routes { x = 100 }");
        }
        List<Route> routes = routes(given.get());
        if (routes.size() < given.get().keys().size()) {
            return Routing.allTo(alias);
        }
        Optional<Invalid> mistake = Routing.mistake(routes);
        mistake.ifPresent(found -> section.mistake("routes", found.value(), "write " + found.expected()));
        return mistake.isPresent() ? Routing.allTo(alias) : Routing.of(routes);
    }

    /** Without those that cannot be read. */
    private static List<Route> routes(Section given) {
        var routes = new ArrayList<Route>();
        for (String to : given.keys()) {
            if (!Route.isTarget(to)) {
                given.mistake(to, "no target: " + to, "use " + Route.TO_EXPECTED);
            }
            given.whole(to, 1, Routing.PLACES).ifPresent(weight -> {
                if (Route.isTarget(to)) {
                    routes.add(new Route(to, (int) weight));
                }
            });
        }
        return routes;
    }

    private List<String> shadows(Audit audit) {
        List<String> shadows =
                section.texts("shadows", false).stream().map(Section.Item::text).toList();
        Optional<Invalid> mistake = ServingRules.mistake(shadows, audit);
        mistake.ifPresent(found -> section.mistake(
                found.field().equals("audit") ? "audit" : "shadows", found.value(), "write " + found.expected()));
        return mistake.isPresent() ? List.of() : shadows;
    }

    private Limits limits(Section given) {
        int inFlight =
                (int) given.whole("in-flight", 1, Limits.IN_FLIGHT_MAX).orElse(Limits.DEFAULT.instancesInFlight());
        Optional<String> text = given.optionalText("deadline");
        Optional<Duration> deadline = text.flatMap(DeploymentParser::deadline);
        if (text.isPresent() && deadline.isEmpty()) {
            given.mistake("deadline", text.get(), "write a time such as 200ms or 2s, at most 60s");
        }
        given.finish();
        return new Limits(inFlight, deadline);
    }

    private static Optional<Duration> deadline(String text) {
        Matcher matcher = DEADLINE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        Duration deadline = matcher.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
        return new Limits(1, Optional.of(deadline)).mistake().isEmpty() ? Optional.of(deadline) : Optional.empty();
    }
}

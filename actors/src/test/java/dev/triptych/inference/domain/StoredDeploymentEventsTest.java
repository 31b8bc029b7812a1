package dev.triptych.inference.domain;

import dev.triptych.definition.domain.DeploymentDefinition.Audit;
import dev.triptych.definition.domain.Routing;
import dev.triptych.definition.domain.Routing.Slice;
import dev.triptych.definition.domain.ServingRules.Limits;
import dev.triptych.definition.domain.ServingRules.Stale;
import dev.triptych.inference.domain.DeploymentEvent.AuditChanged;
import dev.triptych.inference.domain.DeploymentEvent.LimitsChanged;
import dev.triptych.inference.domain.DeploymentEvent.RoutesChanged;
import dev.triptych.inference.domain.DeploymentEvent.ShadowsChanged;
import dev.triptych.inference.domain.DeploymentEvent.StaleRuleChanged;
import dev.triptych.inference.domain.DeploymentEvent.WasReset;
import dev.triptych.kernel.GoldenEvents;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What was stored once is read for ever. */
class StoredDeploymentEventsTest {

    private static final GoldenEvents GOLDEN = new GoldenEvents();
    private static final String BY = "ada";
    private static final String REASON = "a week of shadowing";
    private static final long AT = 1_780_000_000_000_000L;

    private static final RoutesChanged ROUTES = new RoutesChanged(
            new Routing(List.of(new Slice(0, 90, "champion"), new Slice(90, 100, "3"))), BY, REASON, AT);
    private static final LimitsChanged LIMITS =
            new LimitsChanged(new Limits(64, Optional.of(Duration.ofMillis(250))), BY, REASON, AT);

    @AfterAll
    static void stop() {
        GOLDEN.close();
    }

    @Test
    void readsRoutesChangedVersion1() {
        GOLDEN.assertReads("deployment-routes-changed-1", ROUTES);
    }

    @Test
    void readsShadowsChangedVersion1() {
        GOLDEN.assertReads(
                "deployment-shadows-changed-1", new ShadowsChanged(List.of("challenger", "2"), BY, REASON, AT));
    }

    @Test
    void readsLimitsChangedVersion1() {
        GOLDEN.assertReads("deployment-limits-changed-1", LIMITS);
    }

    @Test
    void readsAuditChangedVersion1() {
        GOLDEN.assertReads("deployment-audit-changed-1", new AuditChanged(Audit.ASYNC, BY, REASON, AT));
    }

    @Test
    void readsStaleRuleChangedVersion1() {
        GOLDEN.assertReads("deployment-stale-rule-changed-1", new StaleRuleChanged(Stale.REFUSE, BY, REASON, AT));
    }

    @Test
    void readsWasResetVersion1() {
        GOLDEN.assertReads("deployment-was-reset-1", new WasReset(BY, REASON, AT));
    }

    @Test
    void readsDeploymentStateVersion1() {
        GOLDEN.assertReads(
                "deployment-state-1", DeploymentState.UNCHANGED.apply(ROUTES).apply(LIMITS));
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import dev.triptych.audit.Counterfactual;
import dev.triptych.audit.EntityStory;
import dev.triptych.audit.JournalSeals;
import dev.triptych.audit.RecordedOutcomes;
import dev.triptych.audit.Replays;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.Deployments;
import dev.triptych.inference.InferenceActor;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.monitoring.Monitored;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.calls.LocalCalls;
import dev.triptych.runtime.openinference.OpenInference;
import dev.triptych.schedule.Firings;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.ViewStatistics;
import dev.triptych.store.models.VersionProfiles;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Everything a node serves. */
public final class GrpcServices {

    private final List<BindableService> all;
    private final AccessControl access;
    private final Optional<OpenTelemetry> traces;

    private GrpcServices(List<BindableService> all, AccessControl access, Optional<OpenTelemetry> traces) {
        this.all = all;
        this.access = access;
        this.traces = traces;
    }

    /** For calls from outside; the last sees a call first. */
    List<ServerInterceptor> interceptors() {
        return interceptors(AccessInterceptor.Callers.ELSEWHERE);
    }

    private List<ServerInterceptor> interceptors(AccessInterceptor.Callers callers) {
        // What nobody needs costs nothing.
        var interceptors = new ArrayList<ServerInterceptor>();
        if (!access.openToAll()) {
            interceptors.add(new AccessInterceptor(access, callers));
        }
        // Calls that are refused are traced, too.
        traces.map(CallTraces::new).ifPresent(interceptors::add);
        return interceptors;
    }

    List<BindableService> all() {
        return all;
    }

    /** The same services for callers in this process. */
    public LocalCalls local() {
        return LocalCalls.start(
                all.stream().map(BindableService::bindService).toList(),
                interceptors(AccessInterceptor.Callers.THIS_PROCESS));
    }

    /**
     * @param systems by name
     * @param deployments by {@code system/deployment}
     * @param served the same, on all nodes
     * @param access what callers need
     * @param traces where spans of calls go; empty for nowhere
     * @param blocking for reads of the offline store
     */
    public static GrpcServices of(
            ActorSystem<?> system,
            Map<String, SystemDefinition> systems,
            ActorRef<PipelineScheduler.Command> scheduler,
            boolean followCadences,
            Map<String, ActorRef<InferenceActor.Command>> deployments,
            Deployments served,
            OfflineStore offline,
            ViewStatistics statistics,
            PredictionArchive archive,
            RecordedOutcomes outcomes,
            Replays replays,
            Counterfactual counterfactual,
            JournalSeals seals,
            EntityStory story,
            OpenInference openInference,
            VersionProfiles profiles,
            Monitored monitored,
            AccessControl access,
            Optional<OpenTelemetry> traces,
            Executor blocking,
            Clock clock) {
        var definitions = new Definitions(systems);
        ActorRef<EventFeed.Message> feed =
                system.systemActorOf(EventFeed.create(scheduler, served, clock), "event-feed", Props.empty());
        return new GrpcServices(
                List.of(
                        new FeatureEndpoint(system, definitions, offline, statistics, blocking),
                        new PipelineEndpoint(
                                system,
                                definitions,
                                scheduler,
                                cadence ->
                                        followCadences ? Firings.of(cadence).next(clock.instant()) : Optional.empty()),
                        new RegistryEndpoint(system, definitions, served, profiles),
                        new DeploymentEndpoint(system, definitions, served),
                        new PredictionEndpoint(
                                system,
                                definitions,
                                deployments,
                                new RecordedPredictions(system, definitions, archive, outcomes)),
                        new OpenInferenceEndpoint(openInference),
                        new AuditEndpoint(system, definitions, replays, counterfactual, seals, story, archive),
                        new EventEndpoint(definitions, feed),
                        new MonitoringEndpoint(system, definitions, monitored)),
                access,
                traces);
    }
}

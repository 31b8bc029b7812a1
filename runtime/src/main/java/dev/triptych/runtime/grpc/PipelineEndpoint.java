package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import dev.triptych.definition.domain.Cadence;
import dev.triptych.definition.domain.PipelineKind;
import dev.triptych.definition.domain.SourceDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.BatchInference;
import dev.triptych.kernel.Micros;
import dev.triptych.schedule.PipelineScheduler;
import dev.triptych.schedule.domain.PipelineId;
import dev.triptych.schedule.domain.RunOutcome;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.v1.CancelRunRequest;
import dev.triptych.v1.Deployment;
import dev.triptych.v1.Feature;
import dev.triptych.v1.GetRunRequest;
import dev.triptych.v1.ListRunsRequest;
import dev.triptych.v1.ListRunsResponse;
import dev.triptych.v1.ListSystemsRequest;
import dev.triptych.v1.ListSystemsResponse;
import dev.triptych.v1.Pipeline;
import dev.triptych.v1.PipelineRun;
import dev.triptych.v1.PipelineServiceGrpc;
import dev.triptych.v1.RunPipelineRequest;
import dev.triptych.v1.View;
import dev.triptych.v1.WatchRunRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** PipelineService: the declared systems, and runs of their pipelines. */
final class PipelineEndpoint extends PipelineServiceGrpc.PipelineServiceImplBase {

    private static final Duration WATCH_INTERVAL = Duration.ofMillis(200);
    private static final int RUNS_MAX = 1_000;
    private static final int RUNS_DEFAULT = 20;

    private final ActorSystem<?> system;
    private final Definitions definitions;
    private final ActorRef<PipelineScheduler.Command> scheduler;
    private final Function<Cadence, Optional<Instant>> nextFiring;

    /** @param nextFiring after now; empty where cadences are not followed */
    PipelineEndpoint(
            ActorSystem<?> system,
            Definitions definitions,
            ActorRef<PipelineScheduler.Command> scheduler,
            Function<Cadence, Optional<Instant>> nextFiring) {
        this.system = system;
        this.definitions = definitions;
        this.scheduler = scheduler;
        this.nextFiring = nextFiring;
    }

    @Override
    public void listSystems(ListSystemsRequest request, StreamObserver<ListSystemsResponse> observer) {
        var response = ListSystemsResponse.newBuilder();
        definitions.systems().forEach(declared -> response.addSystems(wire(declared)));
        observer.onNext(response.build());
        observer.onCompleted();
    }

    @Override
    public void run(RunPipelineRequest request, StreamObserver<PipelineRun> observer) {
        Replies.reply(observer, () -> {
            PipelineId pipeline = pipeline(request);
            checkOptions(pipeline, request.getOptionsMap().keySet());
            String runId =
                    Translation.given(request.getRunId()).orElseGet(() -> pipeline.name() + "-" + UUID.randomUUID());
            return ask(replyTo -> new PipelineScheduler.Run(runId, pipeline, request.getOptionsMap(), replyTo));
        });
    }

    private PipelineId pipeline(RunPipelineRequest request) {
        SystemDefinition declared = definitions.system(request.getSystem());
        PipelineKind kind = kind(request.getKind())
                .orElseThrow(
                        () -> Statuses.invalid("kind", request.getKind().name(), "FEATURE, TRAINING or INFERENCE"));
        List<String> names = names(declared, kind);
        if (request.getPipeline().isEmpty() && names.size() == 1) {
            return new PipelineId(declared.name(), kind, names.getFirst());
        }
        if (!names.contains(request.getPipeline())) {
            throw Statuses.notFound(
                    "pipeline",
                    request.getPipeline().isEmpty() ? "none named" : request.getPipeline(),
                    names.isEmpty()
                            ? declared.name() + " declares no " + kind.label() + " pipeline"
                            : "one of " + String.join(", ", names));
        }
        return new PipelineId(declared.name(), kind, request.getPipeline());
    }

    /** What nobody reads would be a mistake that nobody hears of. */
    private void checkOptions(PipelineId pipeline, Set<String> options) {
        if (pipeline.kind() == PipelineKind.INFERENCE
                && Set.of(BatchInference.AS_OF).containsAll(options)) {
            return;
        }
        boolean generated = definitions.system(pipeline.system()).featurePipelines().stream()
                .anyMatch(each -> pipeline.kind() == PipelineKind.FEATURE
                        && each.name().equals(pipeline.name())
                        && each.source() instanceof SourceDefinition.Generated);
        if (!generated && !options.isEmpty()) {
            throw Statuses.invalid(
                    "options",
                    String.join(", ", options),
                    "none: a pipeline with a generator takes options, and batch inference takes "
                            + BatchInference.AS_OF);
        }
    }

    private static List<String> names(SystemDefinition declared, PipelineKind kind) {
        return switch (kind) {
            case FEATURE ->
                declared.featurePipelines().stream().map(p -> p.name()).toList();
            case TRAINING ->
                declared.trainingPipelines().stream().map(p -> p.name()).toList();
            case INFERENCE ->
                declared.inferencePipelines().stream().map(p -> p.name()).toList();
        };
    }

    /** Whatever it is asked may be asked twice: a run has an id. */
    private <R> CompletionStage<R> scheduler(Function<ActorRef<R>, PipelineScheduler.Command> message) {
        return PatientAsk.ask(
                system,
                NodeRoles.FEATURE,
                left -> AskPattern.ask(
                        scheduler, (ActorRef<R> replyTo) -> message.apply(replyTo), left, system.scheduler()),
                Replies.timeout());
    }

    private CompletionStage<PipelineRun> ask(
            Function<ActorRef<PipelineScheduler.RunReply>, PipelineScheduler.Command> command) {
        return scheduler((ActorRef<PipelineScheduler.RunReply> replyTo) -> command.apply(replyTo))
                .thenApply(reply -> switch (reply) {
                    case PipelineScheduler.Current(var run) -> wire(run);
                    case PipelineScheduler.Overlapping(var run) ->
                        throw Statuses.failedPrecondition(run.pipeline().path() + " is running as " + run.runId()
                                + "; wait until it has ended, or cancel it");
                    case PipelineScheduler.Refused(var reason) -> throw Statuses.invalid(reason);
                    case PipelineScheduler.NotFound(var reason) -> throw Statuses.notFound(reason);
                });
    }

    @Override
    public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> observer) {
        Replies.reply(observer, () -> {
            if (request.getLimit() < 0 || request.getLimit() > RUNS_MAX) {
                throw Statuses.invalid("limit", String.valueOf(request.getLimit()), "1 to " + RUNS_MAX);
            }
            Optional<String> named = Translation.given(request.getSystem());
            named.ifPresent(definitions::system);
            Optional<PipelineId> pipeline = named.flatMap(name -> kind(request.getKind())
                    .flatMap(kind ->
                            Translation.given(request.getPipeline()).map(bare -> new PipelineId(name, kind, bare))));
            int limit = request.getLimit() == 0 ? RUNS_DEFAULT : request.getLimit();
            return scheduler((ActorRef<PipelineScheduler.Runs> replyTo) ->
                            new PipelineScheduler.ListRuns(named, pipeline, limit, replyTo))
                    .thenApply(runs -> ListRunsResponse.newBuilder()
                            .addAllRuns(runs.runs().stream()
                                    .map(PipelineEndpoint::wire)
                                    .filter(run -> request.getKindValue() == 0 || run.getKind() == request.getKind())
                                    .toList())
                            .build());
        });
    }

    @Override
    public void getRun(GetRunRequest request, StreamObserver<PipelineRun> observer) {
        Replies.reply(observer, () -> ask(replyTo -> new PipelineScheduler.GetRun(request.getRunId(), replyTo)));
    }

    @Override
    public void watchRun(WatchRunRequest request, StreamObserver<PipelineRun> observer) {
        watch(request.getRunId(), PipelineRun.getDefaultInstance(), (ServerCallStreamObserver<PipelineRun>) observer);
    }

    private void watch(String runId, PipelineRun last, ServerCallStreamObserver<PipelineRun> observer) {
        if (observer.isCancelled()) {
            return;
        }
        ask(replyTo -> new PipelineScheduler.GetRun(runId, replyTo)).whenComplete((run, failure) -> {
            if (failure != null) {
                Replies.fail(observer, failure);
                return;
            }
            if (!run.equals(last)) {
                observer.onNext(run);
            }
            if (run.getState() != PipelineRun.State.RUNNING) {
                observer.onCompleted();
                return;
            }
            system.scheduler()
                    .scheduleOnce(WATCH_INTERVAL, () -> watch(runId, run, observer), system.executionContext());
        });
    }

    @Override
    public void cancelRun(CancelRunRequest request, StreamObserver<PipelineRun> observer) {
        Replies.reply(
                observer, () -> ask(replyTo -> new PipelineScheduler.Cancel(request.getRunId(), "client", replyTo)));
    }

    private static Optional<PipelineKind> kind(dev.triptych.v1.PipelineKind wire) {
        return switch (wire) {
            case FEATURE -> Optional.of(PipelineKind.FEATURE);
            case TRAINING -> Optional.of(PipelineKind.TRAINING);
            case INFERENCE -> Optional.of(PipelineKind.INFERENCE);
            case PIPELINE_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static dev.triptych.v1.PipelineKind wire(PipelineKind kind) {
        return switch (kind) {
            case FEATURE -> dev.triptych.v1.PipelineKind.FEATURE;
            case TRAINING -> dev.triptych.v1.PipelineKind.TRAINING;
            case INFERENCE -> dev.triptych.v1.PipelineKind.INFERENCE;
        };
    }

    static PipelineRun wire(dev.triptych.schedule.domain.PipelineRun run) {
        var wire = PipelineRun.newBuilder()
                .setRunId(run.runId())
                .setSystem(run.pipeline().system())
                .setKind(wire(run.pipeline().kind()))
                .setPipeline(run.pipeline().name())
                .setTrigger(run.trigger())
                .setAttempt(run.attempt())
                .setState(PipelineRun.State.RUNNING)
                .setScheduled(Translation.timestamp(run.scheduledMicros()))
                .setStarted(Translation.timestamp(run.startedMicros()));
        run.endedMicros().ifPresent(micros -> wire.setEnded(Translation.timestamp(micros)));
        run.progress()
                .ifPresent(progress ->
                        wire.setPhase(progress.phase()).setDone(progress.done()).setTotal(progress.total()));
        run.outcome().ifPresent(outcome -> {
            switch (outcome) {
                case RunOutcome.Completed completed ->
                    wire.setState(PipelineRun.State.COMPLETED)
                            .putAllCounts(completed.counts())
                            .putAllNotes(completed.notes())
                            .addAllRejections(completed.rejections());
                case RunOutcome.Failed failed ->
                    wire.setState(PipelineRun.State.FAILED)
                            .setReason(failed.reason())
                            .addAllRejections(failed.rejections());
                case RunOutcome.Cancelled cancelled ->
                    wire.setState(PipelineRun.State.CANCELLED).setReason("cancelled by " + cancelled.by());
            }
        });
        return wire.build();
    }

    private dev.triptych.v1.System wire(SystemDefinition declared) {
        var wire = dev.triptych.v1.System.newBuilder()
                .setName(declared.name())
                .setDescription(declared.description())
                .setHash(declared.hash());
        declared.featurePipelines().forEach(p -> wire.addPipelines(wire(PipelineKind.FEATURE, p.name(), p.cadence())));
        declared.trainingPipelines()
                .forEach(p -> wire.addPipelines(wire(PipelineKind.TRAINING, p.name(), p.cadence())));
        declared.inferencePipelines()
                .forEach(p -> wire.addPipelines(wire(PipelineKind.INFERENCE, p.name(), p.cadence())));
        declared.views().forEach(view -> {
            var wireView = View.newBuilder().setName(view.name()).setEntity(view.entity());
            view.features()
                    .forEach(feature -> wireView.addFeatures(Feature.newBuilder()
                            .setName(feature.name())
                            .setType(feature.type().label())));
            view.ttl()
                    .ifPresent(ttl -> wireView.setTtl(com.google.protobuf.Duration.newBuilder()
                            .setSeconds(ttl.toSeconds())
                            .setNanos(ttl.getNano())));
            wire.addViews(wireView);
        });
        declared.deployments()
                .forEach(deployment -> wire.addDeployments(Deployment.newBuilder()
                        .setName(deployment.name())
                        .setModel(deployment.model())
                        .setAlias(deployment.alias())
                        .setAudit(deployment.audit().name())));
        declared.trainingPipelines().forEach(p -> wire.addModels(p.model()));
        return wire.build();
    }

    private Pipeline wire(PipelineKind kind, String name, Cadence cadence) {
        var wire = Pipeline.newBuilder().setKind(wire(kind)).setName(name).setCadence(cadence.text());
        nextFiring.apply(cadence).ifPresent(instant -> wire.setNextRun(Translation.timestamp(Micros.of(instant))));
        return wire.build();
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import com.google.protobuf.Timestamp;
import dev.triptych.audit.Comparison;
import dev.triptych.audit.Counterfactual;
import dev.triptych.audit.EntityStory;
import dev.triptych.audit.JournalSeals;
import dev.triptych.audit.ReplayResult;
import dev.triptych.audit.Replays;
import dev.triptych.audit.domain.SealCheck.NotedSeal;
import dev.triptych.audit.domain.Verdict;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.TrainingPipelineDefinition;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.PredictionArchive.Filter;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.kernel.Causes;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureEvent;
import dev.triptych.store.features.domain.RunWriteId;
import dev.triptych.store.models.LoadedVersions.NoSuchVersionException;
import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.CompareProgress;
import dev.triptych.v1.CompareRequest;
import dev.triptych.v1.EntityErased;
import dev.triptych.v1.Happening;
import dev.triptych.v1.NumberStatistics;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.RowsArrived;
import dev.triptych.v1.Seal;
import dev.triptych.v1.ShowEntityRequest;
import dev.triptych.v1.Verification;
import dev.triptych.v1.VerifyProgress;
import dev.triptych.v1.VerifyRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** AuditService: recorded predictions, computed again; the journal's seals; the story of an entity. */
final class AuditEndpoint extends AuditServiceGrpc.AuditServiceImplBase {

    private static final int PAGE = 1_000;

    private final ActorSystem<?> system;
    private final Definitions definitions;
    private final Replays replays;
    private final Counterfactual counterfactual;
    private final JournalSeals seals;
    private final EntityStory story;
    private final PredictionArchive archive;

    AuditEndpoint(
            ActorSystem<?> system,
            Definitions definitions,
            Replays replays,
            Counterfactual counterfactual,
            JournalSeals seals,
            EntityStory story,
            PredictionArchive archive) {
        this.system = system;
        this.definitions = definitions;
        this.replays = replays;
        this.counterfactual = counterfactual;
        this.seals = seals;
        this.story = story;
        this.archive = archive;
    }

    @Override
    public void replay(ReplayRequest request, StreamObserver<dev.triptych.v1.ReplayResult> observer) {
        try {
            if (request.getId().isEmpty()) {
                all(request, (ServerCallStreamObserver<dev.triptych.v1.ReplayResult>) observer);
            } else {
                one(request.getId(), observer);
            }
        } catch (RuntimeException e) {
            Replies.fail(observer, e);
        }
    }

    private void one(String id, StreamObserver<dev.triptych.v1.ReplayResult> observer) {
        Replies.reply(
                observer,
                () -> replays.one(id)
                        .thenCombine(
                                KeptPredictions.in(archive),
                                (result, kept) -> wire(result.orElseThrow(() -> kept.unknown(id)))));
    }

    private void all(ReplayRequest request, ServerCallStreamObserver<dev.triptych.v1.ReplayResult> observer) {
        var replayed = new AtomicLong();
        Filter filter = filter(
                request.getSystem(),
                request.getDeployment(),
                Translation.micros(request.hasSince(), request.getSince(), "since"),
                Translation.micros(request.hasUntil(), request.getUntil(), "until"));
        var outflow = new Outflow<>(observer);
        KeptPredictions.in(archive)
                .thenApply(kept -> kept.require(filter.sinceMicros()).lacking(filter.sinceMicros()))
                .thenCompose(lacking -> replays.all(filter)
                        .mapAsync(
                                1,
                                page -> outflow.send(page.stream()
                                        .map(result -> replayed.getAndIncrement() == 0 && lacking.isPresent()
                                                ? wire(result).toBuilder()
                                                        .setKeptSince(lacking.get())
                                                        .build()
                                                : wire(result))
                                        .iterator()))
                        .runWith(Sink.ignore(), system))
                .thenRun(() -> {
                    if (replayed.get() == 0) {
                        definitions.requireDeclared(request.getSystem(), request.getDeployment());
                    }
                })
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        observer.onCompleted();
                    } else if (!observer.isCancelled()) {
                        Replies.fail(observer, failure);
                    }
                });
    }

    private static Filter filter(
            String system, String deployment, Optional<Long> sinceMicros, Optional<Long> untilMicros) {
        return new Filter(
                Translation.given(system),
                Translation.given(deployment),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                sinceMicros,
                untilMicros,
                Optional.empty(),
                PAGE);
    }

    @Override
    public void compare(CompareRequest request, StreamObserver<CompareProgress> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(declared, request.getDeployment());
            Filter filter = filter(
                    declared.name(),
                    deployment.name(),
                    Translation.micros(request.hasSince(), request.getSince(), "since"),
                    Translation.micros(request.hasUntil(), request.getUntil(), "until"));
            return KeptPredictions.in(archive)
                    .thenApply(kept -> kept.require(filter.sinceMicros()).lacking(filter.sinceMicros()))
                    .thenCompose(lacking -> compare(request, declared, deployment, filter, observer, lacking));
        });
    }

    private CompletionStage<CompareProgress> compare(
            CompareRequest request,
            SystemDefinition declared,
            DeploymentDefinition deployment,
            Filter filter,
            StreamObserver<CompareProgress> observer,
            Optional<Timestamp> lacking) {
        return counterfactual
                .compare(
                        filter,
                        declared.name() + "/" + deployment.model(),
                        request.getVersion(),
                        declared.trainingPipelineOf(deployment.model()).map(TrainingPipelineDefinition::label),
                        done -> observer.onNext(
                                CompareProgress.newBuilder().setDone(done).build()))
                .handle((comparison, failure) -> {
                    if (failure != null) {
                        throw failed(request, deployment, failure);
                    }
                    var result = wire(comparison).toBuilder();
                    lacking.ifPresent(result::setKeptSince);
                    return CompareProgress.newBuilder()
                            .setDone(comparison.compared())
                            .setResult(result)
                            .build();
                });
    }

    private static RuntimeException failed(CompareRequest request, DeploymentDefinition deployment, Throwable failure) {
        return Causes.of(failure) instanceof NoSuchVersionException
                ? Statuses.notFound(
                        "version",
                        String.valueOf(request.getVersion()),
                        "a version of " + request.getSystem() + "/" + deployment.model())
                : new CompletionException(Causes.of(failure));
    }

    private static dev.triptych.v1.Comparison wire(Comparison comparison) {
        return dev.triptych.v1.Comparison.newBuilder()
                .setCompared(comparison.compared())
                .setErased(comparison.erased())
                .setChanged(comparison.changed())
                .setMeanDifference(comparison.meanDifference())
                .setMaxDifference(comparison.maxDifference())
                .addAllDifferences(comparison.spread().stream()
                        .map(bin -> NumberStatistics.Bin.newBuilder()
                                .setFrom(bin.from())
                                .setTo(bin.to())
                                .setCount(bin.count())
                                .build())
                        .toList())
                .setOutcomes(comparison.outcomes())
                .putAllRecorded(comparison.recorded())
                .putAllOther(comparison.other())
                .build();
    }

    @Override
    public void verify(VerifyRequest request, StreamObserver<VerifyProgress> observer) {
        Replies.reply(observer, () -> {
            Optional<NotedSeal> noted = request.hasNoted()
                    ? Optional.of(new NotedSeal(
                            request.getNoted().getNumber(), request.getNoted().getHash()))
                    : Optional.empty();
            return seals.entries()
                    .thenCompose(total -> seals.verify(noted, done -> observer.onNext(progress(done, total)))
                            .thenApply(verdict -> progress(total, total).toBuilder()
                                    .setResult(wire(verdict))
                                    .build()));
        });
    }

    private static VerifyProgress progress(long done, long total) {
        return VerifyProgress.newBuilder().setDone(done).setTotal(total).build();
    }

    private static Verification wire(Verdict verdict) {
        var wire = Verification.newBuilder();
        switch (verdict) {
            case Verdict.Intact intact -> {
                wire.setIntact(true)
                        .setSealed(intact.sealed())
                        .setUnsealed(intact.unsealed())
                        .setErased(intact.erased());
                intact.last()
                        .ifPresent(seal -> wire.setLast(
                                Seal.newBuilder().setNumber(seal.number()).setHash(seal.hash())));
            }
            case Verdict.Broken(long seal, long firstEntry, long lastEntry, var problem) ->
                wire.setBrokenSeal(seal)
                        .setFirstEntry(firstEntry)
                        .setLastEntry(lastEntry)
                        .setProblem(problem);
        }
        return wire.build();
    }

    @Override
    public void show(ShowEntityRequest request, StreamObserver<Happening> observer) {
        Replies.stream(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            String entity = definitions.entity(declared, request.getEntity()).name();
            EntityId id = definitions.entityId(declared, entity, request.getKey(), "key");
            return story.of(id).thenApply(happenings -> {
                if (happenings.isEmpty()) {
                    throw Statuses.notFound("key", id.key(), "a key that has been written to the feature store");
                }
                return happenings.stream().map(AuditEndpoint::wire).toList();
            });
        });
    }

    private static Happening wire(EntityStory.Happening happening) {
        var wire = Happening.newBuilder().setAt(Translation.timestamp(happening.atMicros()));
        switch (happening) {
            case EntityStory.Arrived(long sequenceNr, var rows) -> wire.setRows(wire(sequenceNr, rows));
            case EntityStory.Erased(long sequenceNr, var erasure) ->
                wire.setErasure(EntityErased.newBuilder()
                        .setBy(erasure.by())
                        .setReason(erasure.reason())
                        .setSequenceNr(sequenceNr));
            case EntityStory.PredictionsLeft left -> wire.setPredictionsLeft(true);
            case EntityStory.Predicted(var record, var version) ->
                wire.setPrediction(PredictionEndpoint.wire(record, Optional.of(version.signature())));
        }
        return wire.build();
    }

    private static RowsArrived wire(long sequenceNr, FeatureEvent.RowsWritten written) {
        var wire = RowsArrived.newBuilder()
                .setView(written.view())
                .setErased(written.wasErased())
                .setWriteId(written.writeId().orElse(""))
                .setRunId(RunWriteId.run(written.view(), written.writeId()).orElse(""));
        written.rows()
                .forEach(row -> wire.addRows(FeatureEndpoint.wire(new FeatureEntity.StoredRow(
                        written.names(), written.types(), row, written.ingestMicros(), sequenceNr))));
        return wire.build();
    }

    private static dev.triptych.v1.ReplayResult wire(ReplayResult result) {
        PredictionRecord record = result.record();
        var wire = dev.triptych.v1.ReplayResult.newBuilder()
                .setId(record.id())
                .setVersion(record.version())
                .setKey(record.key().orElse(""))
                .addAllRecorded(record.outputs());
        switch (result) {
            case ReplayResult.Identical same -> wire.setIdentical(true).addAllReplayed(record.outputs());
            case ReplayResult.Differing(var ignored, var outputs) -> wire.addAllReplayed(outputs);
            case ReplayResult.Erased erased -> wire.setErased(true);
            case ReplayResult.NotReplayable(var ignored, var problem) -> wire.setProblem(problem);
        }
        return wire.build();
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import dev.triptych.audit.ReplayResult;
import dev.triptych.audit.Replays;
import dev.triptych.inference.PredictionArchive;
import dev.triptych.inference.domain.PredictionRecord;
import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.ReplayRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/** AuditService: recorded predictions, computed again. */
final class AuditEndpoint extends AuditServiceGrpc.AuditServiceImplBase {

    private static final int PAGE = 1_000;

    private final ActorSystem<?> system;
    private final Definitions definitions;
    private final Replays replays;

    AuditEndpoint(ActorSystem<?> system, Definitions definitions, Replays replays) {
        this.system = system;
        this.definitions = definitions;
        this.replays = replays;
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
                        .thenApply(result -> wire(result.orElseThrow(
                                () -> Statuses.notFound("id", id, "the id of a recorded prediction")))));
    }

    private void all(ReplayRequest request, ServerCallStreamObserver<dev.triptych.v1.ReplayResult> observer) {
        var replayed = new AtomicLong();
        var filter = new PredictionArchive.Filter(
                Translation.given(request.getSystem()),
                Translation.given(request.getDeployment()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Translation.micros(request.hasSince(), request.getSince(), "since"),
                Translation.micros(request.hasUntil(), request.getUntil(), "until"),
                Optional.empty(),
                PAGE);
        replays.all(filter)
                .runForeach(
                        result -> {
                            if (observer.isCancelled()) {
                                throw new CancellationException("the client went away");
                            }
                            observer.onNext(wire(result));
                            replayed.incrementAndGet();
                        },
                        system)
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
            case ReplayResult.NotReplayable(var ignored, var problem) -> wire.setProblem(problem);
        }
        return wire.build();
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.triptych.definition.domain.DeploymentDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.inference.AnswerTimes;
import dev.triptych.kernel.Micros;
import dev.triptych.monitoring.Measurements;
import dev.triptych.monitoring.Monitor;
import dev.triptych.monitoring.Monitored;
import dev.triptych.v1.DriftRequest;
import dev.triptych.v1.DriftResponse;
import dev.triptych.v1.FreshnessRequest;
import dev.triptych.v1.FreshnessResponse;
import dev.triptych.v1.ListAlertsRequest;
import dev.triptych.v1.ListAlertsResponse;
import dev.triptych.v1.MonitoringServiceGrpc;
import dev.triptych.v1.QualityRequest;
import dev.triptych.v1.QualityResponse;
import dev.triptych.v1.TrafficRequest;
import dev.triptych.v1.TrafficResponse;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** MonitoringService: what a system is asked and answers, and its alerts. */
final class MonitoringEndpoint extends MonitoringServiceGrpc.MonitoringServiceImplBase {

    private static final int STEPS_DEFAULT = 24;
    private static final int STEPS_MAX = 500;
    private static final int ALERTS_DEFAULT = 100;
    private static final int ALERTS_MAX = 10_000;

    private final ActorSystem<?> system;
    private final Definitions definitions;
    private final Monitored monitored;

    MonitoringEndpoint(ActorSystem<?> system, Definitions definitions, Monitored monitored) {
        this.system = system;
        this.definitions = definitions;
        this.monitored = monitored;
    }

    /** A stretch of time, in steps. */
    private record Stretch(long sinceMicros, long untilMicros, long stepMicros) {}

    @Override
    public void quality(QualityRequest request, StreamObserver<QualityResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(declared, request.getDeployment());
            Stretch stretch = stretch(
                    Micros.of(declared.monitoring().window()),
                    given(request.hasSince(), request.getSince()),
                    given(request.hasUntil(), request.getUntil()),
                    request.hasStep() ? Optional.of(request.getStep()) : Optional.empty());
            return monitored
                    .measurements()
                    .quality(
                            declared,
                            deployment,
                            version(request.getVersion()),
                            stretch.sinceMicros(),
                            stretch.untilMicros(),
                            stretch.stepMicros(),
                            Measurements.SAMPLE_OF_STEPS_MAX)
                    .thenApply(report -> MonitoringMessages.wire(declared, deployment.name(), report));
        });
    }

    @Override
    public void drift(DriftRequest request, StreamObserver<DriftResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(declared, request.getDeployment());
            long window = Micros.of(declared.monitoring().window());
            long until = Translation.micros(request.hasUntil(), request.getUntil(), "until")
                    .orElseGet(this::afterNow);
            long since = Translation.micros(request.hasSince(), request.getSince(), "since")
                    .orElse(until - window);
            requireBefore(since, until);
            return monitored
                    .measurements()
                    .drift(declared, deployment, version(request.getVersion()), since, until)
                    .thenApply(report -> MonitoringMessages.wire(declared, deployment.name(), report));
        });
    }

    @Override
    public void freshness(FreshnessRequest request, StreamObserver<FreshnessResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            return monitored
                    .freshness()
                    .of(declared)
                    .thenApply(reports -> FreshnessResponse.newBuilder()
                            .setSystem(declared.name())
                            .addAllViews(reports.stream()
                                    .map(MonitoringMessages::wire)
                                    .toList())
                            .build());
        });
    }

    @Override
    public void traffic(TrafficRequest request, StreamObserver<TrafficResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition declared = definitions.system(request.getSystem());
            DeploymentDefinition deployment = definitions.deployment(declared, request.getDeployment());
            Stretch stretch = stretch(
                    Micros.of(declared.monitoring().window()),
                    given(request.hasSince(), request.getSince()),
                    given(request.hasUntil(), request.getUntil()),
                    request.hasStep() ? Optional.of(request.getStep()) : Optional.empty());
            return monitored
                    .measurements()
                    .traffic(declared, deployment, stretch.sinceMicros(), stretch.untilMicros(), stretch.stepMicros())
                    .thenApply(counts -> TrafficResponse.newBuilder()
                            .setSystem(declared.name())
                            .setDeployment(deployment.name())
                            .setSince(Translation.timestamp(stretch.sinceMicros()))
                            .setUntil(Translation.timestamp(stretch.untilMicros()))
                            .setStep(MonitoringMessages.duration(stretch.stepMicros()))
                            .addAllSteps(counts.stream()
                                    .map(MonitoringMessages::wire)
                                    .toList())
                            .addAllAnswerTimes(
                                    AnswerTimes.get(system)
                                            .stretches(declared.name() + "/" + deployment.name())
                                            .stream()
                                            .map(MonitoringMessages::wire)
                                            .toList())
                            .build());
        });
    }

    @Override
    public void listAlerts(ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
        Replies.reply(observer, () -> {
            if (request.getLimit() < 0 || request.getLimit() > ALERTS_MAX) {
                throw Statuses.invalid("limit", String.valueOf(request.getLimit()), "1 to " + ALERTS_MAX);
            }
            if (!request.getSystem().isEmpty()) {
                definitions.system(request.getSystem());
            }
            return AskPattern.<Monitor.Command, Monitor.Listed>ask(
                            monitored.monitor(),
                            replyTo -> new Monitor.ListAlerts(
                                    Translation.given(request.getSystem()), request.getOpen(), replyTo),
                            Replies.timeout(),
                            system.scheduler())
                    .thenApply(listed -> ListAlertsResponse.newBuilder()
                            .addAllAlerts(listed.alerts().stream()
                                    .limit(request.getLimit() == 0 ? ALERTS_DEFAULT : request.getLimit())
                                    .map(MonitoringMessages::wire)
                                    .toList())
                            .build());
        });
    }

    private static Optional<Integer> version(int number) {
        if (number < 0) {
            throw Statuses.invalid("version", String.valueOf(number), "the number of a version");
        }
        return number == 0 ? Optional.empty() : Optional.of(number);
    }

    private static Optional<Timestamp> given(boolean given, Timestamp timestamp) {
        return given ? Optional.of(timestamp) : Optional.empty();
    }

    /** What was predicted in this very microsecond belongs to it. */
    private long afterNow() {
        return Micros.of(monitored.clock().instant()) + 1;
    }

    private Stretch stretch(
            long windowMicros,
            Optional<Timestamp> givenSince,
            Optional<Timestamp> givenUntil,
            Optional<Duration> step) {
        long until = givenUntil.map(time -> Translation.micros(time, "until")).orElseGet(this::afterNow);
        Optional<Long> since = givenSince.map(time -> Translation.micros(time, "since"));
        since.ifPresent(from -> requireBefore(from, until));
        long stepMicros = step.map(MonitoringEndpoint::micros)
                .orElseGet(() -> Math.max(1, since.map(from -> until - from).orElse(windowMicros) / STEPS_DEFAULT));
        long from = since.orElse(until - STEPS_DEFAULT * stepMicros);
        if ((until - from) / stepMicros >= STEPS_MAX) {
            throw Statuses.invalid(
                    "step",
                    (until - from) / stepMicros + " steps",
                    "at most " + STEPS_MAX + "; a longer step, or a later since");
        }
        return new Stretch(from, until, stepMicros);
    }

    private static void requireBefore(long since, long until) {
        if (since >= until) {
            throw Statuses.invalid("since", Micros.toInstant(since).toString(), "before " + Micros.toInstant(until));
        }
    }

    private static long micros(Duration step) {
        long seconds = step.getSeconds();
        if (seconds < 0 || seconds > 315_576_000_000L || seconds * 1_000_000 + step.getNanos() / 1_000 < 1) {
            throw Statuses.invalid("step", seconds + "s", "more than nothing, such as 3600s");
        }
        return seconds * 1_000_000 + step.getNanos() / 1_000;
    }
}

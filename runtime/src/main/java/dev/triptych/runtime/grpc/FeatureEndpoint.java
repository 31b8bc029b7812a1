package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import dev.triptych.definition.domain.FeatureDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.definition.domain.ViewDefinition;
import dev.triptych.kernel.Answers;
import dev.triptych.store.NodeRoles;
import dev.triptych.store.PatientAsk;
import dev.triptych.store.features.FeatureEntity;
import dev.triptych.store.features.Horizon;
import dev.triptych.store.features.OfflineStore;
import dev.triptych.store.features.ViewStatistics;
import dev.triptych.store.features.domain.EntityId;
import dev.triptych.store.features.domain.FeatureRead;
import dev.triptych.store.features.domain.FeatureRow;
import dev.triptych.store.features.domain.FeatureState;
import dev.triptych.store.features.domain.FeatureType;
import dev.triptych.store.features.domain.Value;
import dev.triptych.v1.EraseFeaturesRequest;
import dev.triptych.v1.EraseFeaturesResponse;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureHistoryResponse;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.FeatureStatisticsRequest;
import dev.triptych.v1.FeatureStatisticsResponse;
import dev.triptych.v1.FeatureVector;
import dev.triptych.v1.ListKeysRequest;
import dev.triptych.v1.ListKeysResponse;
import dev.triptych.v1.ReadFeaturesRequest;
import dev.triptych.v1.ReadFeaturesResponse;
import dev.triptych.v1.StoredRow;
import dev.triptych.v1.WriteFeaturesRequest;
import dev.triptych.v1.WriteFeaturesResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** FeatureService: reads and writes of entities, wherever in the cluster they live. */
final class FeatureEndpoint extends FeatureServiceGrpc.FeatureServiceImplBase {

    private static final int KEYS_MAX = 10_000;
    private static final int KEYS_DEFAULT = 100;
    private static final int ROWS_MAX = 10_000;
    private static final int HISTORY_MAX = 10_000;
    private static final int HISTORY_DEFAULT = 100;

    private final ActorSystem<?> system;
    private final ClusterSharding sharding;
    private final Definitions definitions;
    private final OfflineStore offline;
    private final ViewStatistics statistics;
    private final Executor offlineThreads;

    FeatureEndpoint(
            ActorSystem<?> system,
            Definitions definitions,
            OfflineStore offline,
            ViewStatistics statistics,
            Executor offlineThreads) {
        this.system = system;
        this.sharding = ClusterSharding.get(system);
        this.definitions = definitions;
        this.offline = offline;
        this.statistics = statistics;
        this.offlineThreads = offlineThreads;
    }

    @Override
    public void write(WriteFeaturesRequest request, StreamObserver<WriteFeaturesResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            ViewDefinition view = definitions.view(system, request.getView(), "view");
            if (request.getRowsCount() == 0 || request.getRowsCount() > ROWS_MAX) {
                throw Statuses.invalid("rows", request.getRowsCount() + " rows", "1 to " + ROWS_MAX + " rows");
            }
            var writes = new ArrayList<CompletionStage<FeatureEntity.Written>>();
            rowsByEntity(system, view, request).forEach((id, rows) -> writes.add(write(id, view, rows, request)));
            return Answers.all(writes)
                    .thenApply(written -> WriteFeaturesResponse.newBuilder()
                            .setRowsWritten(written.stream()
                                    .mapToLong(FeatureEntity.Written::rowsWritten)
                                    .sum())
                            .setRowsUnchanged(written.stream()
                                    .mapToLong(FeatureEntity.Written::rowsUnchanged)
                                    .sum())
                            .setRowsErased(written.stream()
                                    .mapToLong(FeatureEntity.Written::rowsErased)
                                    .sum())
                            .build());
        });
    }

    private Map<EntityId, List<FeatureRow>> rowsByEntity(
            SystemDefinition system, ViewDefinition view, WriteFeaturesRequest request) {
        var rows = new LinkedHashMap<EntityId, List<FeatureRow>>();
        for (int i = 0; i < request.getRowsCount(); i++) {
            String field = "rows[" + i + "]";
            dev.triptych.v1.FeatureRow wire = request.getRows(i);
            if (!wire.hasEventTime()) {
                throw Statuses.invalid(field + ".event_time", "missing", "a time");
            }
            EntityId id = definitions.entityId(system, view.entity(), wire.getKey(), field + ".key");
            List<FeatureRow> ofKey = rows.computeIfAbsent(id, unseen -> new ArrayList<>());
            // What the entity would refuse is refused here, before any other key's rows are written.
            if (ofKey.size() == FeatureState.ROWS_PER_WRITE_MAX) {
                throw Statuses.invalid(
                        "rows",
                        "more than " + ofKey.size() + " rows of " + wire.getKey(),
                        "1 to " + FeatureState.ROWS_PER_WRITE_MAX + " rows of one key");
            }
            ofKey.add(row(view, wire, field));
        }
        return rows;
    }

    private static FeatureRow row(ViewDefinition view, dev.triptych.v1.FeatureRow wire, String field) {
        for (String name : wire.getValuesMap().keySet()) {
            if (view.feature(name).isEmpty()) {
                throw Statuses.invalid(field + ".values." + name, name, "a feature of view " + view.name());
            }
        }
        var values = new ArrayList<Value>();
        for (FeatureDefinition feature : view.features()) {
            dev.triptych.v1.Value value = wire.getValuesMap().get(feature.name());
            values.add(
                    value == null
                            ? Value.Null.NULL
                            : Translation.value(value, feature.type(), field + ".values." + feature.name()));
        }
        return new FeatureRow(Translation.micros(wire.getEventTime(), field + ".event_time"), values);
    }

    private CompletionStage<FeatureEntity.Written> write(
            EntityId id, ViewDefinition view, List<FeatureRow> rows, WriteFeaturesRequest request) {
        List<String> names =
                view.features().stream().map(FeatureDefinition::name).toList();
        var types = new StringBuilder();
        view.features().forEach(feature -> types.append(feature.type().code()));
        Optional<String> writeId = Translation.given(request.getWriteId()).or(this::writeId);
        Optional<String> trace = CallTraces.current();
        return ask(
                        id,
                        (ActorRef<FeatureEntity.WriteReply> replyTo) -> new FeatureEntity.Write(
                                view.name(), names, types.toString(), rows, writeId, trace, replyTo))
                .thenApply(reply -> switch (reply) {
                    case FeatureEntity.Written written -> written;
                    case FeatureEntity.Refused(var reason) -> throw Statuses.invalid(reason);
                });
    }

    @Override
    public void read(ReadFeaturesRequest request, StreamObserver<ReadFeaturesResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            String entity = definitions.entity(system, request.getEntity()).name();
            List<FeatureRead> reads = definitions.reads(system, entity, request.getFeaturesList());
            if (request.getKeysCount() == 0 || request.getKeysCount() > KEYS_MAX) {
                throw Statuses.invalid("keys", request.getKeysCount() + " keys", "1 to " + KEYS_MAX + " keys");
            }
            Optional<Long> asOf = Translation.micros(request.hasAsOf(), request.getAsOf(), "as_of");
            Optional<Long> knownAt = Translation.micros(request.hasKnownAt(), request.getKnownAt(), "known_at");
            var vectors = new ArrayList<CompletionStage<FeatureVector>>();
            for (int i = 0; i < request.getKeysCount(); i++) {
                EntityId id = definitions.entityId(system, entity, request.getKeys(i), "keys[" + i + "]");
                vectors.add(read(id, reads, asOf, knownAt));
            }
            return Answers.all(vectors)
                    .thenApply(all ->
                            ReadFeaturesResponse.newBuilder().addAllVectors(all).build());
        });
    }

    private CompletionStage<FeatureVector> read(
            EntityId id, List<FeatureRead> reads, Optional<Long> asOf, Optional<Long> knownAt) {
        Optional<String> trace = CallTraces.current();
        return ask(
                        id,
                        (ActorRef<FeatureEntity.ReadReply> replyTo) ->
                                new FeatureEntity.Read(reads, asOf, knownAt, trace, replyTo))
                .thenApply(reply -> switch (reply) {
                    case FeatureEntity.Answer answer -> vector(id.key(), reads, answer);
                    case FeatureEntity.Refused(var reason) -> throw Statuses.invalid(reason);
                    case FeatureEntity.JournalUnavailable(var reason) -> throw Statuses.unavailable(reason);
                });
    }

    private static FeatureVector vector(String key, List<FeatureRead> reads, FeatureEntity.Answer answer) {
        var vector = FeatureVector.newBuilder()
                .setKey(key)
                .setSequenceNr(answer.sequenceNr())
                .setAsOf(Translation.timestamp(answer.asOfMicros()));
        for (int i = 0; i < reads.size(); i++) {
            vector.addValues(
                    Translation.wire(reads.get(i), answer.vector().values().get(i)));
        }
        return vector.build();
    }

    @Override
    public void history(FeatureHistoryRequest request, StreamObserver<FeatureHistoryResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            ViewDefinition view = definitions.view(system, request.getView(), "view");
            EntityId id = definitions.entityId(system, view.entity(), request.getKey(), "key");
            if (request.getLimit() < 0 || request.getLimit() > HISTORY_MAX) {
                throw Statuses.invalid("limit", String.valueOf(request.getLimit()), "1 to " + HISTORY_MAX);
            }
            int limit = request.getLimit() == 0 ? HISTORY_DEFAULT : request.getLimit();
            return ask(
                            id,
                            (ActorRef<FeatureEntity.HistoryReply> replyTo) ->
                                    new FeatureEntity.History(view.name(), limit, replyTo))
                    .thenApply(reply -> switch (reply) {
                        case FeatureEntity.Rows(var rows) ->
                            FeatureHistoryResponse.newBuilder()
                                    .addAllRows(rows.stream()
                                            .map(FeatureEndpoint::wire)
                                            .toList())
                                    .build();
                        case FeatureEntity.Refused(var reason) -> throw Statuses.invalid(reason);
                        case FeatureEntity.JournalUnavailable(var reason) -> throw Statuses.unavailable(reason);
                    });
        });
    }

    static StoredRow wire(FeatureEntity.StoredRow stored) {
        var wire = StoredRow.newBuilder()
                .setEventTime(Translation.timestamp(stored.row().eventMicros()))
                .setIngestTime(Translation.timestamp(stored.ingestMicros()))
                .setSequenceNr(stored.sequenceNr());
        for (int i = 0; i < stored.names().size(); i++) {
            FeatureType type = FeatureType.ofCode(stored.types().charAt(i));
            wire.putValues(
                    stored.names().get(i),
                    Translation.wire(stored.row().values().get(i), type));
        }
        return wire.build();
    }

    @Override
    public void listKeys(ListKeysRequest request, StreamObserver<ListKeysResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            ViewDefinition view = definitions.view(system, request.getView(), "view");
            if (request.getLimit() < 0 || request.getLimit() > KEYS_MAX) {
                throw Statuses.invalid("limit", String.valueOf(request.getLimit()), "1 to " + KEYS_MAX);
            }
            int limit = request.getLimit() == 0 ? KEYS_DEFAULT : request.getLimit();
            return offline.freeze()
                    .thenApplyAsync(horizon -> keys(system, view, request.getAfter(), limit, horizon), offlineThreads);
        });
    }

    private ListKeysResponse keys(
            SystemDefinition system, ViewDefinition view, String after, int limit, Horizon horizon) {
        var response = ListKeysResponse.newBuilder();
        try (var histories = offline.histories(system.name(), view.entity(), List.of(view.name()), horizon)) {
            while (histories.hasNext() && response.getKeysCount() < limit) {
                String key = histories.next().key();
                if (key.compareTo(after) > 0) {
                    response.addKeys(key);
                }
            }
        }
        return response.build();
    }

    @Override
    public void statistics(FeatureStatisticsRequest request, StreamObserver<FeatureStatisticsResponse> observer) {
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            ViewDefinition view = definitions.view(system, request.getView(), "view");
            var span = new ViewStatistics.Span(
                    Translation.micros(request.hasSince(), request.getSince(), "since"),
                    Translation.micros(request.hasUntil(), request.getUntil(), "until"));
            return offline.freeze()
                    .thenApplyAsync(
                            horizon -> StatisticsMessages.wire(
                                    statistics.of(system.name(), view.entity(), view.reads(), span, horizon)),
                            offlineThreads);
        });
    }

    @Override
    public void erase(EraseFeaturesRequest request, StreamObserver<EraseFeaturesResponse> observer) {
        String by = AccessInterceptor.caller(request.getBy());
        Replies.reply(observer, () -> {
            SystemDefinition system = definitions.system(request.getSystem());
            String entity = definitions.entity(system, request.getEntity()).name();
            EntityId id = definitions.entityId(system, entity, request.getKey(), "key");
            return ask(
                            id,
                            (ActorRef<FeatureEntity.EraseReply> replyTo) ->
                                    new FeatureEntity.Erase(by, request.getReason(), replyTo))
                    .thenCompose(reply -> switch (reply) {
                        case FeatureEntity.KeyErased(long sequenceNr) ->
                            // Carried out by the journal's projection, which is then past it.
                            offline.freeze()
                                    .thenApply(horizon -> EraseFeaturesResponse.newBuilder()
                                            .setSequenceNr(sequenceNr)
                                            .build());
                        case FeatureEntity.NothingToErase nothing ->
                            throw Statuses.notFound(
                                    "key", id.key(), "a key that has been written to the feature store");
                        case FeatureEntity.Refused(var reason) -> throw Statuses.invalid(reason);
                    });
        });
    }

    /** What may have to be asked twice, because its key is being moved, must not be written twice. */
    private Optional<String> writeId() {
        return PatientAsk.isAlone(system)
                ? Optional.empty()
                : Optional.of(UUID.randomUUID().toString());
    }

    private <R> CompletionStage<R> ask(EntityId id, Function<ActorRef<R>, FeatureEntity.Command> message) {
        return PatientAsk.ask(
                system,
                NodeRoles.FEATURE,
                sharding.entityRefFor(FeatureEntity.TYPE_KEY, id.path()),
                message,
                Replies.timeout());
    }
}

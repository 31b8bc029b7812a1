package dev.triptych.bench.chaos;

import dev.triptych.runtime.NodeSettings;
import dev.triptych.v1.AuditServiceGrpc;
import dev.triptych.v1.FeatureHistoryRequest;
import dev.triptych.v1.FeatureServiceGrpc;
import dev.triptych.v1.GetModelRequest;
import dev.triptych.v1.ListPredictionsRequest;
import dev.triptych.v1.ModelVersion;
import dev.triptych.v1.Prediction;
import dev.triptych.v1.PredictionServiceGrpc;
import dev.triptych.v1.RegistryServiceGrpc;
import dev.triptych.v1.ReplayRequest;
import dev.triptych.v1.ReplayResult;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What came of a scenario: what clients were told, held against the journal and against what every node says afterwards.
 *
 * @param acknowledged writes and predictions
 * @param lost acknowledged, and not to be found
 * @param duplicates written more than once
 * @param versionsTwice runs that registered more than one version
 * @param stale reads that did not see a write acknowledged before
 * @param owners keys whose journal two owners wrote in turns
 * @param differing predictions that replay to other bits
 * @param servedAgainSeconds until every key was acknowledged again
 * @param servedAgainMax what that must be at most
 * @param failed requests that nobody answered, and training runs that failed beyond those that may
 * @param errors attempts that went wrong, most of them answered by another node
 * @param errorSeconds from the first to the last of those
 */
record Verdict(
        String scenario,
        int acknowledged,
        int lost,
        int duplicates,
        int versionsTwice,
        int stale,
        int owners,
        int differing,
        double servedAgainSeconds,
        double servedAgainMax,
        int failed,
        int errors,
        double errorSeconds) {

    private static final int HISTORY_MAX = 10_000;
    private static final int PAGE = 1_000;
    private static final long CHECK_SECONDS_MAX = 60;
    private static final int SILENCES_TOLD = 5;
    private static final int LINE_MAX = 200;

    /** Writers come one after the other: one that comes back after another has lost the key in between. */
    private static final String INTERLEAVED = """
            SELECT count(*) FROM (
              SELECT persistence_id FROM (
                SELECT persistence_id, writer,
                       writer <> lag(writer) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS changed
                FROM event_journal) AS events
              GROUP BY persistence_id
              HAVING count(*) FILTER (WHERE changed) + 1 > count(DISTINCT writer)) AS twice""";

    /**
     * @param sinceNanos when it began, by nanoTime
     */
    static Verdict of(Scenario scenario, RecordingClients clients, NodeSettings.Database database, long sinceNanos)
            throws SQLException {
        clients.runs.forEach(clients::finish);
        Map<String, Map<Long, Integer>> written = new HashMap<>();
        for (String key : clients.acknowledged.keySet()) {
            written.put(key, history(clients, key));
        }
        int lost = 0;
        for (Map.Entry<String, List<Long>> key : clients.acknowledged.entrySet()) {
            for (long count : key.getValue()) {
                lost += written.getOrDefault(key.getKey(), Map.of()).containsKey(count) ? 0 : 1;
            }
        }
        int duplicates = written.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToInt(times -> times - 1)
                .sum();
        // Every node says the same.
        for (int i = 0; i < clients.nodes(); i++) {
            clients.acknowledged.forEach((key, counts) -> clients.read(key)
                    .filter(seen -> seen < counts.getLast())
                    .ifPresent(seen -> clients.stale.add(key + ": read " + seen + " in the end")));
        }
        var recorded = predictions(clients);
        int lostPredictions = (int) clients.predicted.entrySet().stream()
                .filter(told -> !told.getValue().equals(recorded.get(told.getKey())))
                .count();
        int differing = clients.call("replay", channel -> {
                    int differ = 0;
                    var results = AuditServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CHECK_SECONDS_MAX, TimeUnit.SECONDS)
                            .replay(ReplayRequest.newBuilder()
                                    .setSystem(RecordingClients.SYSTEM)
                                    .build());
                    while (results.hasNext()) {
                        ReplayResult result = results.next();
                        differ += result.getIdentical() ? 0 : 1;
                    }
                    return differ;
                })
                .orElse(Integer.MAX_VALUE);
        tell(clients, sinceNanos);
        clients.stale.forEach(each -> System.err.println("  stale: " + each));
        clients.failed.forEach(each -> System.err.println("  failed: " + each));
        clients.runsFailed.forEach(each -> System.err.println("  run failed: " + each));
        return new Verdict(
                scenario.name(),
                clients.acknowledgedInAll() + clients.predicted.size(),
                lost + lostPredictions,
                duplicates,
                versionsTwice(clients),
                clients.stale.size(),
                interleaved(database),
                differing,
                servedAgain(clients, sinceNanos),
                scenario.servedAgainMax(),
                clients.failed.size() + Math.max(0, clients.runsFailed.size() - scenario.runsFailedMax()),
                clients.errors.size(),
                span(clients.errors.stream()
                        .map(RecordingClients.WentWrong::nanos)
                        .toList()));
    }

    /** Where to look in what the nodes said: when which keys were silent, and what went wrong how often. */
    private static void tell(RecordingClients clients, long sinceNanos) {
        clients.gaps().stream()
                .filter(gap -> gap.toNanos() > sinceNanos)
                .sorted(Comparator.comparingLong(gap -> gap.fromNanos() - gap.toNanos()))
                .limit(SILENCES_TOLD)
                .forEach(gap -> System.err.printf(
                        Locale.ROOT,
                        "  silent: %s from %s to %s%n",
                        gap.key(),
                        instant(gap.fromNanos()),
                        instant(gap.toNanos())));
        clients.errors.stream()
                .collect(Collectors.groupingBy(
                        error -> error.address() + " " + error.status().getCode() + " "
                                + String.valueOf(error.status().getDescription())
                                        .replaceAll("\\d[\\d.]*", "…"),
                        TreeMap::new,
                        Collectors.summarizingLong(RecordingClients.WentWrong::nanos)))
                .forEach((what, when) -> System.err.printf(
                        Locale.ROOT,
                        "  went wrong %d x, from %s to %s: %s%n",
                        when.getCount(),
                        instant(when.getMin()),
                        instant(when.getMax()),
                        what.length() > LINE_MAX ? what.substring(0, LINE_MAX) : what));
    }

    private static Instant instant(long nanos) {
        return Instant.now().minusNanos(System.nanoTime() - nanos).truncatedTo(ChronoUnit.MILLIS);
    }

    private static Map<Long, Integer> history(RecordingClients clients, String key) {
        var counts = new HashMap<Long, Integer>();
        clients.call(
                        "history " + key,
                        channel -> FeatureServiceGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(CHECK_SECONDS_MAX, TimeUnit.SECONDS)
                                .history(FeatureHistoryRequest.newBuilder()
                                        .setSystem(RecordingClients.SYSTEM)
                                        .setView("placed")
                                        .setKey(key)
                                        .setLimit(HISTORY_MAX)
                                        .build()))
                .ifPresent(history -> history.getRowsList()
                        .forEach(row ->
                                counts.merge(row.getValuesOrThrow("items").getInt64(), 1, Integer::sum)));
        return counts;
    }

    private static Map<String, Double> predictions(RecordingClients clients) {
        var all = new HashMap<String, Double>();
        var after = new String[] {""};
        var more = new boolean[] {true};
        while (more[0]) {
            more[0] = clients.call(
                            "list predictions",
                            channel -> PredictionServiceGrpc.newBlockingStub(channel)
                                    .withDeadlineAfter(CHECK_SECONDS_MAX, TimeUnit.SECONDS)
                                    .listPredictions(ListPredictionsRequest.newBuilder()
                                            .setSystem(RecordingClients.SYSTEM)
                                            .setAfter(after[0])
                                            .setLimit(PAGE)
                                            .build()))
                    .map(page -> {
                        for (Prediction prediction : page.getPredictionsList()) {
                            all.put(prediction.getId(), prediction.getScoresOrThrow("true"));
                            after[0] = prediction.getId();
                        }
                        return page.getPredictionsCount() > 0;
                    })
                    .orElse(false);
        }
        return all;
    }

    private static int versionsTwice(RecordingClients clients) {
        return clients.call("get model", channel -> {
                    List<ModelVersion> versions = RegistryServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(CHECK_SECONDS_MAX, TimeUnit.SECONDS)
                            .getModel(GetModelRequest.newBuilder()
                                    .setSystem(RecordingClients.SYSTEM)
                                    .setModel("returns")
                                    .build())
                            .getVersionsList();
                    var runs = new HashSet<String>();
                    var twice = new ArrayList<String>();
                    versions.forEach(version -> {
                        if (!runs.add(version.getProvenance().getRunId())) {
                            twice.add(version.getProvenance().getRunId());
                        }
                    });
                    return twice.size();
                })
                .orElse(Integer.MAX_VALUE);
    }

    private static int interleaved(NodeSettings.Database database) throws SQLException {
        try (var open = DriverManager.getConnection(database.url(), database.user(), database.password());
                var statement = open.createStatement();
                var row = statement.executeQuery(INTERLEAVED)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** From the beginning to the end of the longest silence of any key that lasted into the scenario. */
    private static double servedAgain(RecordingClients clients, long sinceNanos) {
        return clients.gaps().stream()
                .filter(gap -> gap.toNanos() > sinceNanos)
                .mapToDouble(gap -> (gap.toNanos() - Math.max(sinceNanos, gap.fromNanos())) / 1e9)
                .max()
                .orElse(0);
    }

    private static double span(List<Long> nanos) {
        return nanos.isEmpty()
                ? 0
                : (nanos.stream().mapToLong(Long::longValue).max().orElseThrow()
                                - nanos.stream()
                                        .mapToLong(Long::longValue)
                                        .min()
                                        .orElseThrow())
                        / 1e9;
    }

    boolean met() {
        return lost + duplicates + versionsTwice + stale + owners + differing == 0
                && servedAgainSeconds <= servedAgainMax
                && failed == 0;
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "%-16s %12s %5s %10s %8s %6s %7s %7s %14s %7s %7s %9s",
                "SCENARIO",
                "ACKNOWLEDGED",
                "LOST",
                "DUPLICATES",
                "VERSIONS",
                "STALE",
                "OWNERS",
                "REPLAY",
                "SERVED AGAIN",
                "FAILED",
                "ERRORS",
                "FOR");
    }

    String row() {
        return String.format(
                Locale.ROOT,
                "%-16s %12d %5d %10d %8d %6d %7d %7d %6.1f <= %2.0f s %7d %7d %7.1f s  %s",
                scenario,
                acknowledged,
                lost,
                duplicates,
                versionsTwice,
                stale,
                owners,
                differing,
                servedAgainSeconds,
                servedAgainMax,
                failed,
                errors,
                errorSeconds,
                met() ? "met" : "MISSED");
    }
}

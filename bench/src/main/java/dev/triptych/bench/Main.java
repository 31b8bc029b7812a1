package dev.triptych.bench;

import dev.triptych.bench.chaos.Chaos;
import dev.triptych.bench.chaos.Upgrade;
import java.util.List;

/** Runs one benchmark: {@code NAME [--quick] [--json]}. Exits with 1 where a target is missed. */
public final class Main {

    interface Benchmark {
        /** @param quick a short run: for a look, not for a claim */
        List<Figure> run(boolean quick) throws Exception;
    }

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        boolean quick = words.contains("--quick");
        boolean json = words.contains("--json");
        String name = words.isEmpty() ? "" : words.getFirst();
        if (name.equals("chaos")) {
            System.exit(Chaos.run(words.subList(1, words.size())) ? 0 : 1);
        }
        if (name.equals("upgrade")) {
            System.exit(Upgrade.run(words.subList(1, words.size())) ? 0 : 1);
        }
        Benchmark benchmark = named(name);
        if (quick && !json) {
            System.out.println(name + ": a quick run, shorter than a claim needs");
        }
        List<Figure> figures = benchmark.run(quick);
        if (!json) {
            System.out.println(Figure.heading());
        }
        figures.forEach(figure -> System.out.println(json ? figure.json() : figure.row()));
        System.exit(figures.stream().allMatch(Figure::met) ? 0 : 1);
    }

    private static Benchmark named(String name) {
        return switch (name) {
            case "writes" -> new Writes();
            case "bulk" -> new Bulk();
            case "reads" -> new Reads();
            case "dataset" -> new PointInTime();
            case "start" -> new Start();
            case "memory" -> new ResidentMemory();
            case "replay" -> new Replaying();
            case "evaluator" -> new Evaluators();
            case "predict" -> new Predicting();
            case "oip" -> new OpenInference();
            case "alias-move" -> new AliasMoves();
            case "load" -> new VersionLoads();
            case "remote" -> new RemoteReads();
            case "rolling" -> new RollingRestart();
            case "capacity" -> new Capacity();
            default -> {
                System.err.println("benchmark: " + name
                        + " (expected: writes, bulk, reads, dataset, start, memory, replay, evaluator, predict, oip,"
                        + " alias-move, load, remote, rolling, capacity, chaos or upgrade)");
                System.exit(2);
                throw new IllegalStateException("unreachable");
            }
        };
    }
}

package dev.triptych.bench;

import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Titanic demo as a user starts it: from the start of the process to its first prediction. */
final class Start implements Main.Benchmark {

    private static final double SECONDS_TARGET = 20;

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        var seconds = new ArrayList<Double>();
        for (int i = 0; i < (quick ? 1 : 3); i++) {
            seconds.add(secondsToFirstPrediction());
        }
        double median = seconds.stream().sorted().toList().get(seconds.size() / 2);
        return List.of(Figure.atMost("start", median, "s", SECONDS_TARGET));
    }

    private static double secondsToFirstPrediction() throws IOException, InterruptedException {
        Process demo = new ProcessBuilder(
                        Path.of(System.getProperty("triptych.home", "."), "triptych")
                                .toString(),
                        "demo",
                        "--once",
                        "--json")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String last = "";
        try (var lines = new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
        }
        if (demo.waitFor() != 0) {
            throw new IllegalStateException("the demo failed; run ./triptych demo --once to see why");
        }
        return JsonParser.parseString(last)
                        .getAsJsonObject()
                        .get("millisToFirstPrediction")
                        .getAsLong()
                / 1000.0;
    }
}

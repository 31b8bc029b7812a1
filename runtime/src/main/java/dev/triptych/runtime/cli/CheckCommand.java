package dev.triptych.runtime.cli;

import com.google.gson.JsonObject;
import dev.triptych.definition.Mistake;
import dev.triptych.definition.Parsed;
import dev.triptych.definition.SystemParser;
import dev.triptych.runtime.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Finds every mistake in a system's folder, each with file, line and mend; exits with 2 if there are"
                        + " any. Needs no node.")
final class CheckCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "the folder that holds system.conf")
    Path folder = Path.of("");

    @Option(names = "--json", description = "one JSON object a mistake")
    boolean json;

    @Override
    public Integer call() {
        Parsed parsed = SystemParser.parse(folder);
        List<Mistake> mistakes = parsed.system()
                .map(system -> Node.transformationCheck().check(system))
                .orElse(parsed.mistakes());
        var output = new Output(spec.commandLine().getOut());
        mistakes.forEach(mistake -> output.line(json ? json(mistake) : mistake.render()));
        if (mistakes.isEmpty() && !json) {
            output.line(parsed.system().orElseThrow().name() + ": no mistakes");
        }
        return mistakes.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
    }

    private static String json(Mistake mistake) {
        var object = new JsonObject();
        object.addProperty("file", mistake.file().toString());
        object.addProperty("line", mistake.line());
        object.addProperty("message", mistake.message());
        object.addProperty("mend", mistake.mend());
        return object.toString();
    }
}

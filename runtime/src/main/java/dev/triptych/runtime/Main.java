package dev.triptych.runtime;

import dev.triptych.runtime.cli.Triptych;

/** Where the process starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Triptych.run(arguments));
    }
}

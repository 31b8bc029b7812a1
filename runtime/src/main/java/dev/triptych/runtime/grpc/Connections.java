package dev.triptych.runtime.grpc;

import com.typesafe.config.Config;
import dev.triptych.runtime.StartFailure;
import java.time.Duration;

/**
 * What connections may cost, so that those that do nothing, or little, leave the node to the others.
 *
 * @param callsMax under way on one
 * @param handshake until a new one must have said who it is
 * @param idle until one without a call is closed
 * @param keepalive silence after which one is asked whether anybody is there
 * @param keepaliveTimeout for the answer
 * @param keepaliveMin clients may not ask more often
 */
public record Connections(
        int callsMax,
        Duration handshake,
        Duration idle,
        Duration keepalive,
        Duration keepaliveTimeout,
        Duration keepaliveMin) {

    private static final String PATH = "triptych.connections";

    /**
     * Reads {@code triptych.connections}.
     *
     * @throws StartFailure if a value is not more than nothing
     */
    public static Connections of(Config config) {
        Config connections = config.getConfig(PATH);
        int callsMax = connections.getInt("calls-max");
        if (callsMax < 1) {
            throw new StartFailure(PATH + ".calls-max: " + callsMax + " (expected: 1 or more)");
        }
        return new Connections(
                callsMax,
                positive(connections, "handshake"),
                positive(connections, "idle"),
                positive(connections, "keepalive"),
                positive(connections, "keepalive-timeout"),
                positive(connections, "keepalive-min"));
    }

    private static Duration positive(Config connections, String setting) {
        Duration duration = connections.getDuration(setting);
        if (!duration.isPositive()) {
            throw new StartFailure(
                    PATH + "." + setting + ": " + duration + " (expected: more than nothing, such as 10s)");
        }
        return duration;
    }
}

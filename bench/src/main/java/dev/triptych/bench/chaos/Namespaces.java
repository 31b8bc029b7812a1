package dev.triptych.bench.chaos;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A network of its own for every node, as pods have: an address each on one bridge, so that a link between two of them can be
 * cut and mended, made slow and lossy. Needs root, iproute2 and iptables.
 */
final class Namespaces implements AutoCloseable {

    private static final String BRIDGE = "tri-chaos";
    private static final String PREFIX = "10.77.213.";

    /** Where the nodes reach what runs outside, such as PostgreSQL. */
    static final String OUTSIDE = PREFIX + "254";

    private final List<String> names = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();

    Namespaces() throws IOException, InterruptedException {
        quietly("ip", "link", "del", BRIDGE);
        sh("ip", "link", "add", BRIDGE, "type", "bridge");
        sh("ip", "addr", "add", OUTSIDE + "/24", "dev", BRIDGE);
        sh("ip", "link", "set", BRIDGE, "up");
    }

    /** Makes the namespace of a node, the first time; tells whether it was. */
    boolean add(String node) throws IOException, InterruptedException {
        if (names.contains(node)) {
            return false;
        }
        names.add(node);
        String space = space(node);
        quietly("ip", "netns", "del", space);
        // Of a run that was killed.
        quietly("ip", "link", "del", "tv-" + node);
        sh("ip", "netns", "add", space);
        sh("ip", "link", "add", "tv-" + node, "type", "veth", "peer", "name", "eth0", "netns", space);
        sh("ip", "link", "set", "tv-" + node, "master", BRIDGE, "up");
        in(node, "ip", "addr", "add", address(node) + "/24", "dev", "eth0");
        in(node, "ip", "link", "set", "eth0", "up");
        in(node, "ip", "link", "set", "lo", "up");
        return true;
    }

    String address(String node) {
        return PREFIX + (1 + names.indexOf(node));
    }

    /** What a command line begins with to run in the node's network. */
    List<String> prefix(String node) {
        return List.of("ip", "netns", "exec", space(node));
    }

    private static String space(String node) {
        return BRIDGE + "-" + node;
    }

    /** Lets the nodes reach a port of this machine's loopback. */
    void offer(int port) throws IOException {
        ServerSocket listening = Forward.listen(OUTSIDE, port);
        open.add(listening);
        Thread.ofVirtual().start(() -> Forward.accept(listening, "127.0.0.1", port));
    }

    /** Lets this machine reach a port of the node's loopback, at its address. */
    void publish(String node, int port, List<String> java) throws IOException {
        var command = new ArrayList<>(prefix(node));
        command.addAll(java);
        command.addAll(List.of(
                Forward.class.getName(), address(node), String.valueOf(port), "127.0.0.1", String.valueOf(port)));
        Process forward = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        open.add(forward::destroyForcibly);
        forward.getInputStream().read();
    }

    /** Nothing that the one sends reaches the other; cut both ways, they do not know of one another. */
    void cut(String from, String to) throws IOException, InterruptedException {
        in(from, "ip", "route", "add", "blackhole", to + "/32");
    }

    void mend(String from, String to) throws IOException, InterruptedException {
        in(from, "ip", "route", "del", "blackhole", to + "/32");
    }

    /** @param share of what arrives at the node, from 0 to 1 */
    void lose(String node, String share) throws IOException, InterruptedException {
        in(node, losing("-A", share));
    }

    void loseNoMore(String node, String share) throws IOException, InterruptedException {
        in(node, losing("-D", share));
    }

    private static String[] losing(String change, String share) {
        return new String[] {
            "iptables",
            change,
            "INPUT",
            "-i",
            "eth0",
            "-m",
            "statistic",
            "--mode",
            "random",
            "--probability",
            share,
            "-j",
            "DROP"
        };
    }

    /** Both ways. @param rate as tc writes it, such as 1mbit */
    void slow(String node, String rate) throws IOException, InterruptedException {
        String[] limit = {"root", "tbf", "rate", rate, "burst", "16kbit", "latency", "1s"};
        in(node, words(List.of("tc", "qdisc", "add", "dev", "eth0"), limit));
        sh(words(List.of("tc", "qdisc", "add", "dev", "tv-" + node), limit));
    }

    void fast(String node) throws IOException, InterruptedException {
        in(node, "tc", "qdisc", "del", "dev", "eth0", "root");
        sh("tc", "qdisc", "del", "dev", "tv-" + node, "root");
    }

    private static String[] words(List<String> first, String... more) {
        return Stream.concat(first.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private void in(String node, String... command) throws IOException, InterruptedException {
        sh(words(prefix(node), command));
    }

    private static void sh(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(
                    String.join(" ", command) + " failed (expected: root, and iproute2 on the path)");
        }
    }

    private static void quietly(String... command) throws IOException, InterruptedException {
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        try {
            for (String node : names) {
                quietly("ip", "netns", "del", space(node));
            }
            quietly("ip", "link", "del", BRIDGE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

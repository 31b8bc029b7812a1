package dev.triptych.runtime;

import com.typesafe.config.Config;
import dev.triptych.runtime.access.AccessControl;
import dev.triptych.runtime.tls.NodeCertificates;
import dev.triptych.runtime.tls.PemFiles;
import java.net.InetSocketAddress;
import java.util.List;

/** Who can reach a node. Beyond this machine it needs TLS, so that nobody listens in, and something that callers show. */
final class Exposure {

    private static final List<String> REMOTING =
            List.of("akka.remote.artery.canonical.hostname", "akka.remote.artery.bind.hostname");

    private Exposure() {}

    /** @throws StartFailure if the node would be open to others */
    static void check(Config config) {
        boolean tls = PemFiles.of(config, "triptych.tls").isPresent();
        boolean tokens = AccessControl.of(config).tokensRequired();
        for (String host : List.of("triptych.grpc.host", "triptych.http.host")) {
            if (beyondLoopback(config.getString(host))) {
                require(tls, config, host, "triptych.tls.certificate is not set: others could read every call");
                require(
                        tokens,
                        config,
                        host,
                        "triptych.access.tokens is empty and triptych.access.oidc.issuer not set: anybody could do everything");
            }
        }
        for (String host : REMOTING) {
            if (!config.getString(host).isEmpty() && beyondLoopback(config.getString(host))) {
                require(
                        NodeCertificates.set(config),
                        config,
                        host,
                        "triptych.tls.nodes.certificate and .ca are not both set: anybody could join the cluster");
            }
        }
    }

    /** A name that nobody knows may be known elsewhere. */
    private static boolean beyondLoopback(String host) {
        var address = new InetSocketAddress(host, 0);
        return address.isUnresolved() || !address.getAddress().isLoopbackAddress();
    }

    private static void require(boolean met, Config config, String host, String otherwise) {
        if (!met) {
            throw new StartFailure(
                    host + ": " + config.getString(host) + " (expected: a loopback address, as " + otherwise + ")");
        }
    }
}

package dev.triptych.inference;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** How many predictions this node has made since it started, by deployment and version. Thread-safe. */
public final class PredictionCounts implements Extension {

    private static final ExtensionId<PredictionCounts> ID = new ExtensionId<>() {
        @Override
        public PredictionCounts createExtension(ActorSystem<?> system) {
            return new PredictionCounts();
        }
    };

    /** Whose predictions are counted. */
    public record Counted(String system, String deployment, int version) {}

    private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();

    private PredictionCounts() {}

    public static PredictionCounts get(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Tells each count so far. */
    public void forEach(ObjLongConsumer<Counted> told) {
        counts.forEach((counted, count) -> told.accept(counted, count.sum()));
    }

    /** How many so far. */
    public long of(Counted counted) {
        LongAdder count = counts.get(counted);
        return count == null ? 0 : count.sum();
    }

    OfDeployment of(String system, String deployment) {
        return new OfDeployment(system, deployment);
    }

    /** Of one deployment. */
    final class OfDeployment {
        private final String system;
        private final String deployment;
        private final Map<Integer, LongAdder> versions = new ConcurrentHashMap<>();

        private OfDeployment(String system, String deployment) {
            this.system = system;
            this.deployment = deployment;
        }

        void predicted(int version, int predictions) {
            versions.computeIfAbsent(
                            version,
                            unseen -> counts.computeIfAbsent(
                                    new Counted(system, deployment, unseen), uncounted -> new LongAdder()))
                    .add(predictions);
        }
    }
}

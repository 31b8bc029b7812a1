package dev.triptych.bench;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import dev.triptych.store.features.FeatureEntity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads of ten features of one local key, against an ask of an actor that only answers. */
final class Reads implements Main.Benchmark {

    private static final int IN_FLIGHT = 64;

    private record Ping(ActorRef<Boolean> replyTo) {}

    @Override
    public List<Figure> run(boolean quick) throws Exception {
        Duration turn = Duration.ofSeconds(quick ? 4 : 15);
        try (var node = new BenchNode()) {
            node.write("hot", System.currentTimeMillis() * 1_000 - 1)
                    .toCompletableFuture()
                    .join();
            ActorRef<Ping> echo = node.node()
                    .actors()
                    .systemActorOf(
                            Behaviors.receiveMessage((Ping ping) -> {
                                ping.replyTo().tell(true);
                                return Behaviors.same();
                            }),
                            "echo",
                            Props.empty());
            reads(node, turn);
            Load.Result asks = Load.run(
                    IN_FLIGHT,
                    turn,
                    i -> AskPattern.ask(
                            echo,
                            Ping::new,
                            BenchNode.ASK_TIMEOUT,
                            node.node().actors().scheduler()));
            Load.Result reads = reads(node, turn);
            return List.of(
                    Figure.atLeast("reads", reads.perSecond(), "reads/s", asks.perSecond(), 150_000),
                    Figure.atMost("reads-p99", reads.millisAt(99), "ms", 1));
        }
    }

    private static Load.Result reads(BenchNode node, Duration duration) throws InterruptedException {
        var entity = node.entity("hot");
        return Load.run(
                IN_FLIGHT,
                duration,
                i -> entity.ask(
                        (ActorRef<FeatureEntity.ReadReply> replyTo) -> new FeatureEntity.Read(
                                BenchNode.READS, Optional.empty(), Optional.empty(), Optional.empty(), replyTo),
                        BenchNode.ASK_TIMEOUT));
    }
}

package dev.triptych.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Four connections to one server, on threads of their own, with nothing between them and the callers. */
final class Client implements AutoCloseable {

    static final int CONNECTIONS = 4;

    private final EventLoopGroup threads =
            new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory());
    private final List<ManagedChannel> channels;

    /** @param address {@code host:port} */
    Client(String address) {
        channels = Stream.<ManagedChannel>generate(() -> NettyChannelBuilder.forTarget(address)
                        .eventLoopGroup(threads)
                        .channelType(EpollSocketChannel.class)
                        .directExecutor()
                        .usePlaintext()
                        .build())
                .limit(CONNECTIONS)
                .toList();
    }

    /** For what is no part of the load. */
    ManagedChannel channel() {
        return channels.getFirst();
    }

    /** @param check throws where an answer is wrong, and the call has failed */
    <Q, A> CallLoad.Call calls(MethodDescriptor<Q, A> method, LongFunction<Q> requests, Consumer<A> check) {
        return (number, ending) -> {
            var call = channels.get((int) (number % CONNECTIONS)).newCall(method, CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(call, requests.apply(number), new Answer<>(check, ending));
        };
    }

    /** Ends a call with its answer, or with what was wrong about it. */
    static final class Answer<A> implements StreamObserver<A> {
        private final Consumer<A> check;
        private final CallLoad.Ending ending;
        private @Nullable Throwable wrong;

        Answer(Consumer<A> check, CallLoad.Ending ending) {
            this.check = check;
            this.ending = ending;
        }

        @Override
        public void onNext(A answer) {
            try {
                check.accept(answer);
            } catch (IllegalStateException mistake) {
                wrong = mistake;
            }
        }

        @Override
        public void onError(Throwable failure) {
            ending.ended(failure);
        }

        @Override
        public void onCompleted() {
            ending.ended(wrong);
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        threads.shutdownGracefully();
    }
}

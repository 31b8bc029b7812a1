package dev.triptych.runtime.http.api;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Calls the services, with the headers they look at. Failures are {@link io.grpc.StatusRuntimeException}s. */
final class ServiceCalls {

    /** Sooner than the HTTP server gives up, which it does without saying why. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    private final Channel channel;

    ServiceCalls(Channel channel) {
        this.channel = channel;
    }

    /** The one answer. */
    CompletionStage<Message> ask(Operation operation, Message request, Metadata headers) {
        var answer = new CompletableFuture<Message>();
        ClientCalls.asyncUnaryCall(
                with(headers)
                        .newCall(
                                operation.call(),
                                CallOptions.DEFAULT.withDeadlineAfter(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)),
                request,
                new StreamObserver<>() {
                    @Override
                    public void onNext(Message message) {
                        answer.complete(message);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {
                        // The answer was told.
                    }
                });
        return answer;
    }

    /** Answers one after the other, for as long as it takes. */
    AnswerStream stream(Operation operation, Message request, Metadata headers) {
        return AnswerStream.start(with(headers).newCall(operation.call(), CallOptions.DEFAULT), request);
    }

    private Channel with(Metadata headers) {
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}

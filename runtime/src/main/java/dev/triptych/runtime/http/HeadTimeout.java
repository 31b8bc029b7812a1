package dev.triptych.runtime.http;

import akka.Done;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Attributes;
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.time.Duration;

/**
 * Closes a connection on which no request's head arrives whole in time, be it silent or a byte at a time. The time begins
 * with the connection and after each answer. Stands between a connection and what answers its requests.
 */
final class HeadTimeout extends GraphStage<BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse>> {

    private final Inlet<HttpRequest> heard = Inlet.create("HeadTimeout.heard");
    private final Outlet<HttpRequest> asked = Outlet.create("HeadTimeout.asked");
    private final Inlet<HttpResponse> answered = Inlet.create("HeadTimeout.answered");
    private final Outlet<HttpResponse> told = Outlet.create("HeadTimeout.told");
    private final Duration timeout;

    HeadTimeout(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public BidiShape<HttpRequest, HttpRequest, HttpResponse, HttpResponse> shape() {
        return BidiShape.of(heard, asked, answered, told);
    }

    @Override
    public GraphStageLogic createLogic(Attributes attributes) {
        return new Waiting();
    }

    private final class Waiting extends TimerGraphStageLogic {

        private static final String HEAD = "head";

        private final AsyncCallback<Done> answerEnded = createAsyncCallback(ended -> await());
        private int underWay;

        Waiting() {
            super(shape());
            setHandler(heard, new AbstractInHandler() {
                @Override
                public void onPush() {
                    underWay++;
                    cancelTimer(HEAD);
                    push(asked, grab(heard));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(asked);
                }
            });
            setHandler(asked, new Demand(heard));
            setHandler(answered, new AbstractInHandler() {
                @Override
                public void onPush() {
                    push(told, watched(grab(answered)));
                }

                @Override
                public void onUpstreamFinish() {
                    complete(told);
                }
            });
            setHandler(told, new Demand(answered));
        }

        @Override
        public void preStart() {
            scheduleOnce(HEAD, timeout);
        }

        @Override
        public void onTimer(Object head) {
            completeStage();
        }

        /** A stream is answered with for as long as it takes. */
        private HttpResponse watched(HttpResponse response) {
            if (response.entity().isStrict()) {
                await();
                return response;
            }
            // Of an answer whose length is told, the transport's idle timeout is the bound.
            return response.entity().isChunked() || response.entity().isCloseDelimited()
                    ? response.transformEntityDataBytes(Flow.of(ByteString.class)
                            .watchTermination((nothing, ended) -> {
                                ended.whenComplete((done, failure) -> answerEnded.invoke(Done.getInstance()));
                                return nothing;
                            }))
                    : response;
        }

        private final class Demand extends AbstractOutHandler {

            private final Inlet<?> source;

            Demand(Inlet<?> source) {
                this.source = source;
            }

            @Override
            public void onPull() {
                pull(source);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
                cancel(source, cause);
            }
        }

        private void await() {
            underWay--;
            if (underWay == 0) {
                scheduleOnce(HEAD, timeout);
            }
        }
    }
}

package dev.triptych.runtime.grpc;

import akka.actor.typed.ActorRef;
import dev.triptych.v1.EventServiceGrpc;
import dev.triptych.v1.SystemEvent;
import dev.triptych.v1.WatchEventsRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** EventService: what moves, as it moves. */
final class EventEndpoint extends EventServiceGrpc.EventServiceImplBase {

    private final Definitions definitions;
    private final ActorRef<EventFeed.Message> feed;

    EventEndpoint(Definitions definitions, ActorRef<EventFeed.Message> feed) {
        this.definitions = definitions;
        this.feed = feed;
    }

    @Override
    public void watchEvents(WatchEventsRequest request, StreamObserver<SystemEvent> observer) {
        try {
            if (!request.getSystem().isEmpty()) {
                definitions.system(request.getSystem());
            }
            feed.tell(new EventFeed.Read(
                    new EventReader(request.getSystem(), (ServerCallStreamObserver<SystemEvent>) observer)));
        } catch (RuntimeException e) {
            Replies.fail(observer, e);
        }
    }
}

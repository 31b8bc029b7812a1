package dev.triptych.runtime.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.v1.RowsRecorded;
import dev.triptych.v1.SystemEvent;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventReaderTest {

    private final SlowObserver observer = new SlowObserver();

    private static SystemEvent event(String system, long count) {
        return SystemEvent.newBuilder()
                .setSystem(system)
                .setRows(RowsRecorded.newBuilder().setCount(count))
                .build();
    }

    @Test
    void aReaderWhoKeepsUpMissesNothing() {
        var reader = new EventReader("", observer);
        observer.take(1_000);

        for (int i = 0; i < 1_000; i++) {
            reader.tell(event("shop", i));
        }

        assertThat(observer.got)
                .extracting(each -> each.getRows().getCount())
                .containsExactlyElementsOf(LongStream.range(0, 1_000).boxed().toList());
    }

    @Test
    void aSlowReaderIsToldHowMuchItMissedAndGoesOnWithTheNewest() {
        var reader = new EventReader("", observer);
        for (int i = 0; i < 1_000; i++) {
            reader.tell(event("shop", i));
        }

        observer.take(2_000);

        long missed = observer.got.getFirst().getMissed();
        List<Long> told = observer.got.stream()
                .skip(1)
                .map(each -> each.getRows().getCount())
                .toList();
        assertThat(missed + told.size()).isEqualTo(1_000);
        assertThat(told).hasSizeLessThanOrEqualTo(256).last().isEqualTo(999L);
        assertThat(told)
                .containsExactlyElementsOf(
                        LongStream.range(missed, 1_000).boxed().toList());
    }

    @Test
    void aReaderOfOneSystemHearsOfNoOther() {
        var reader = new EventReader("shop", observer);
        observer.take(10);

        reader.tell(event("titanic", 1));
        reader.tell(event("shop", 2));
        reader.tell(event("", 3));

        assertThat(observer.got).extracting(each -> each.getRows().getCount()).containsExactly(2L, 3L);
    }

    /** Takes so many messages, and no more until it is asked to. */
    private static final class SlowObserver extends ServerCallStreamObserver<SystemEvent> {
        private final List<SystemEvent> got = new ArrayList<>();
        private int wanted;
        private Runnable onReady = () -> {};

        void take(int more) {
            wanted += more;
            onReady.run();
        }

        @Override
        public boolean isReady() {
            return got.size() < wanted;
        }

        @Override
        public void onNext(SystemEvent event) {
            got.add(event);
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}

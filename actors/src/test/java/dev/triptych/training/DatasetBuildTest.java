package dev.triptych.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.triptych.definition.domain.SplitDefinition;
import dev.triptych.definition.domain.SystemDefinition;
import dev.triptych.store.features.OfflineStore.Histories;
import dev.triptych.store.features.OfflineStore.KeyHistory;
import dev.triptych.store.features.OfflineStore.Slices;
import dev.triptych.training.domain.Dataset;
import dev.triptych.training.domain.DatasetAssembly;
import dev.triptych.training.domain.DatasetSchema;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class DatasetBuildTest {

    private static final List<KeyHistory> HISTORIES = SmallSystem.histories();

    private final SystemDefinition system =
            SmallSystem.system(new SplitDefinition.KFold(3, Optional.empty()), List.of());
    private final DatasetSchema schema =
            DatasetSchema.of(system, system.trainingPipelines().getFirst());

    @Test
    void anyNumberOfSlicesGiveTheSameDataset() {
        Dataset whole = inOneGo();
        assertThat(whole.size()).isPositive();

        for (int count : new int[] {1, 2, 7, HISTORIES.size()}) {
            for (int atOnce : new int[] {1, 3}) {
                assertThat(new DatasetBuild(schema, slices(count, atOnce), keys -> {}).run())
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void noMoreSlicesAreOpenAtATimeThanMayBe() {
        var open = new AtomicInteger();
        var most = new AtomicInteger();
        var slices = slices(20, 2, slice -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            return SmallSystem.read(part(20, slice), open::decrementAndGet);
        });

        new DatasetBuild(schema, slices, keys -> {}).run();

        assertThat(most.get()).isBetween(1, 2);
        assertThat(open.get()).isZero();
    }

    @Test
    void whatASliceAndWhatProgressThrowsEndsTheBuilding() {
        var unreadable = slices(3, 2, slice -> {
            throw new IllegalStateException("slice " + slice + " cannot be read");
        });
        assertThatThrownBy(() -> new DatasetBuild(schema, unreadable, keys -> {}).run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("slice 0 cannot be read");

        assertThatThrownBy(() -> new DatasetBuild(schema, slices(3, 2), keys -> {
                            throw new CancellationException("no longer wanted");
                        })
                        .run())
                .isInstanceOf(CancellationException.class);
    }

    private Dataset inOneGo() {
        var assembly = new DatasetAssembly(schema);
        var rows = new DatasetAssembly.Collector(schema);
        HISTORIES.forEach(history -> assembly.assemble(history.key(), history.events(), rows));
        return rows.dataset(assembly.rowsWithoutLabel());
    }

    private static Slices slices(int count, int atOnce) {
        return slices(count, atOnce, slice -> SmallSystem.read(part(count, slice), () -> {}));
    }

    private static Slices slices(int count, int atOnce, IntFunction<Histories> open) {
        return new Slices() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public int atOnce() {
                return atOnce;
            }

            @Override
            public Histories open(int slice) {
                return open.apply(slice);
            }

            @Override
            public void close() {}
        };
    }

    private static List<KeyHistory> part(int count, int slice) {
        int size = HISTORIES.size();
        return HISTORIES.subList(size * slice / count, size * (slice + 1) / count);
    }
}

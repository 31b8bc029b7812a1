package dev.triptych.audit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.audit.domain.SealCheck.NotedSeal;
import dev.triptych.audit.domain.Verdict.Broken;
import dev.triptych.audit.domain.Verdict.Intact;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SealCheckProperties {

    @Property
    void anUntouchedJournalIsIntactHoweverItWasCut(
            @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 5) Integer> ranges,
            @ForAll @IntRange(max = 3) int unsealed) {
        List<JournalRow> rows = rows(total(ranges));
        List<Seal> seals = seals(rows, ranges);
        rows.addAll(rows(unsealed));

        assertThat(check(rows, seals, Optional.empty()))
                .isEqualTo(new Intact(
                        seals.isEmpty() ? Optional.empty() : Optional.of(seals.getLast()), total(ranges), unsealed, 0));
    }

    @Property
    void theFirstRangeWithAnotherRowIsNamed(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 5) Integer> ranges,
            @ForAll @IntRange(max = 40) int pick,
            @ForAll Tampering tampering) {
        List<JournalRow> rows = rows(total(ranges));
        List<Seal> seals = seals(rows, ranges);
        int place = pick % rows.size();

        tampering.on(rows, place);

        assertThat(check(rows, seals, Optional.empty())).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seal()).isEqualTo(sealOf(place, ranges));
            assertThat((long) place + 1).isBetween(broken.firstEntry(), broken.lastEntry());
        });
    }

    @Property
    void aRemovedSealIsMissed(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 5) Integer> ranges,
            @ForAll @IntRange(max = 40) int pick) {
        List<JournalRow> rows = rows(total(ranges));
        List<Seal> seals = seals(rows, ranges);
        int removed = pick % (seals.size() - 1);

        seals.remove(removed);

        assertThat(check(rows, seals, Optional.empty()))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seal()).isEqualTo(removed + 1));
    }

    /** Whoever rewrites the seals too is found out only by one who noted a seal. */
    @Test
    void aRewrittenJournalWithRewrittenSealsDiffersFromTheSealThatWasNoted() {
        List<JournalRow> rows = rows(6);
        List<Seal> seals = seals(rows, List.of(2, 2, 2));
        var noted = new NotedSeal(2, seals.get(1).hash());
        Tampering.CHANGED_PAYLOAD.on(rows, 0);
        List<Seal> rewritten = seals(rows, List.of(2, 2, 2));

        assertThat(check(rows, rewritten, Optional.empty())).isInstanceOf(Intact.class);
        assertThat(check(rows, rewritten, Optional.of(noted)))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seal()).isEqualTo(2));
    }

    @Test
    void aJournalCutOffWithItsSealsMissesTheSealThatWasNoted() {
        List<JournalRow> rows = rows(6);
        List<Seal> seals = seals(rows, List.of(3, 3));
        var noted = new NotedSeal(2, seals.get(1).hash());

        assertThat(check(rows.subList(0, 3), seals.subList(0, 1), Optional.of(noted)))
                .isInstanceOfSatisfying(
                        Broken.class, broken -> assertThat(broken.seal()).isEqualTo(2));
    }

    /** Every column counts, and only differences of meaning do. */
    enum Tampering {
        CHANGED_PAYLOAD {
            @Override
            void on(List<JournalRow> rows, int place) {
                JournalRow row = rows.get(place);
                byte[] payload = row.payload().clone();
                payload[0] ^= 1;
                rows.set(place, row(row.persistenceId(), row.sequenceNr(), row.deleted(), row.writer(), payload));
            }
        },
        CHANGED_OWNER {
            @Override
            void on(List<JournalRow> rows, int place) {
                JournalRow row = rows.get(place);
                rows.set(place, row("other", row.sequenceNr(), row.deleted(), row.writer(), row.payload()));
            }
        },
        CHANGED_NUMBER {
            @Override
            void on(List<JournalRow> rows, int place) {
                JournalRow row = rows.get(place);
                rows.set(
                        place,
                        row(row.persistenceId(), row.sequenceNr() + 1, row.deleted(), row.writer(), row.payload()));
            }
        },
        HIDDEN {
            @Override
            void on(List<JournalRow> rows, int place) {
                JournalRow row = rows.get(place);
                rows.set(place, row(row.persistenceId(), row.sequenceNr(), true, row.writer(), row.payload()));
            }
        },
        CHANGED_WRITER {
            @Override
            void on(List<JournalRow> rows, int place) {
                JournalRow row = rows.get(place);
                rows.set(place, row(row.persistenceId(), row.sequenceNr(), row.deleted(), "other", row.payload()));
            }
        },
        REMOVED {
            @Override
            void on(List<JournalRow> rows, int place) {
                rows.remove(place);
            }
        },
        SLIPPED_IN {
            @Override
            void on(List<JournalRow> rows, int place) {
                rows.add(place, row("forged", 1, false, "nobody", new byte[] {1}));
            }
        },
        SWAPPED_WITH_THE_LAST {
            @Override
            void on(List<JournalRow> rows, int place) {
                if (place == rows.size() - 1) {
                    CHANGED_PAYLOAD.on(rows, place);
                } else {
                    Collections.swap(rows, place, rows.size() - 1);
                }
            }
        };

        abstract void on(List<JournalRow> rows, int place);
    }

    private static Verdict check(List<JournalRow> rows, List<Seal> seals, Optional<NotedSeal> noted) {
        var check = new SealCheck(seals.iterator(), noted);
        rows.forEach(check::add);
        return check.verdict();
    }

    private static List<Seal> seals(List<JournalRow> rows, List<Integer> ranges) {
        var seals = new ArrayList<Seal>();
        String before = Seal.GENESIS;
        int from = 0;
        for (int length : ranges) {
            var range = new SealedRange(before);
            rows.subList(from, from + length).forEach(range::add);
            before = range.hash();
            from += length;
            seals.add(new Seal(seals.size() + 1L, length, before, Optional.empty()));
        }
        return seals;
    }

    private static long sealOf(int place, List<Integer> ranges) {
        int end = 0;
        for (int i = 0; i < ranges.size(); i++) {
            end += ranges.get(i);
            if (place < end) {
                return i + 1L;
            }
        }
        throw new IllegalArgumentException("no range holds place " + place);
    }

    private static int total(List<Integer> ranges) {
        return ranges.stream().mapToInt(Integer::intValue).sum();
    }

    private static List<JournalRow> rows(int count) {
        var rows = new ArrayList<JournalRow>();
        for (int i = 0; i < count; i++) {
            rows.add(row("feature|s/e/" + i, i + 1L, false, "writer", ("event " + i).getBytes(StandardCharsets.UTF_8)));
        }
        return rows;
    }

    private static JournalRow row(
            String persistenceId, long sequenceNr, boolean deleted, String writer, byte[] payload) {
        return new JournalRow(
                persistenceId,
                sequenceNr,
                deleted,
                writer,
                Optional.of(7L),
                Optional.of(""),
                33,
                "f1",
                payload,
                new byte[16],
                Optional.empty());
    }
}

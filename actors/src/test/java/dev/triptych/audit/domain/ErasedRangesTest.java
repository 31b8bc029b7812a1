package dev.triptych.audit.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.triptych.audit.domain.SealCheck.NotedSeal;
import dev.triptych.audit.domain.Verdict.Broken;
import dev.triptych.audit.domain.Verdict.Intact;
import dev.triptych.kernel.Sha256;
import dev.triptych.store.features.domain.ErasedRows;
import dev.triptych.store.features.domain.FeatureEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Six rows under three seals, of which the first entity's rows, in the first two ranges, are erased by the fifth row. */
class ErasedRangesTest {

    private static final String ERASURE = FeatureEvent.Erased.class.getName();

    private final List<JournalRow> rows = new ArrayList<>(List.of(
            row("feature|s/e/1", 1, "rows", "secret"),
            row("feature|s/e/2", 1, "rows", "kept"),
            row("feature|s/e/2", 2, "rows", "kept too"),
            row("feature|s/e/1", 2, "rows", "secret too"),
            row("feature|s/e/1", 3, ERASURE, "asked for it"),
            row("feature|s/e/3", 1, "rows", "of another")));

    @Test
    void sealsHoldWhetherRowsAreErasedOrNot() {
        List<Seal> seals = seals(false);

        assertThat(check(seals, Optional.empty())).isEqualTo(new Intact(Optional.of(seals.getLast()), 6, 0, 0));
        erase(0);
        erase(3);
        assertThat(check(seals, Optional.empty())).isEqualTo(new Intact(Optional.of(seals.getLast()), 6, 0, 2));
    }

    @Test
    void aRowBesideAnErasedOneIsNoLessSealed() {
        List<Seal> seals = seals(false);
        erase(0);
        rows.set(1, row("feature|s/e/2", 1, "rows", "forged"));

        assertBroken(check(seals, Optional.empty()), 1, "not those that were sealed");
    }

    @Test
    void aHashThatIsNotThatOfTheErasedPayloadDoesNotHold() {
        List<Seal> seals = seals(false);
        erase(3);
        rows.set(3, erased(rows.get(3), sha256("something else"), ErasedRows.payload(Optional.of(7L))));

        assertBroken(check(seals, Optional.empty()), 2, "not those that were sealed");
    }

    @Test
    void whatIsSaidToBeErasedMayHoldNothing() {
        List<Seal> seals = seals(false);
        JournalRow victim = rows.get(3);
        rows.set(3, erased(victim, victim.payloadHash(), "slipped in".getBytes(StandardCharsets.UTF_8)));

        assertBroken(check(seals, Optional.empty()), 2, "holds something all the same");
    }

    @Test
    void whatNoErasureInTheJournalExplainsIsMissed() {
        List<Seal> seals = seals(false);
        erase(0);
        erase(5);

        assertBroken(check(seals, Optional.empty()), 3, "knows of no erasure");
    }

    @Test
    void onlyEntitiesAreErased() {
        rows.set(1, row("prediction-log|one", 1, "predictions", "inconvenient"));
        rows.set(2, row("prediction-log|one", 2, ERASURE, "forged"));
        List<Seal> seals = seals(false);
        erase(1);

        assertBroken(check(seals, Optional.empty()), 1, "holds something all the same");
    }

    @Test
    void sealsOfBeforeThereWasErasureHoldInBothForms() {
        List<Seal> seals = seals(true);
        var noted = Optional.of(new NotedSeal(3, seals.getLast().former().orElseThrow()));

        assertThat(check(seals, noted)).isInstanceOf(Intact.class);
        erase(0);
        assertThat(check(seals, noted)).isInstanceOf(Intact.class);
    }

    /** Whoever makes all seals anew over a changed row cannot make the former ones. */
    @Test
    void aFormerSealIsStillCheckedWhereNothingIsErased() {
        List<Seal> before = seals(true);
        rows.set(2, row("feature|s/e/2", 2, "rows", "forged"));
        List<Seal> forged = new ArrayList<>();
        String hash = Seal.GENESIS;
        for (Seal seal : before) {
            var range = new SealedRange(hash);
            ofSeal(seal.number()).forEach(range::add);
            hash = range.hash(seal.former());
            forged.add(new Seal(seal.number(), 2, hash, seal.former()));
        }

        assertBroken(check(forged, Optional.empty()), 2, "not those that were sealed");
    }

    private void erase(int place) {
        JournalRow row = rows.get(place);
        rows.set(place, erased(row, row.payloadHash(), ErasedRows.payload(row.writeMillis())));
    }

    private List<Seal> seals(boolean withFormer) {
        var seals = new ArrayList<Seal>();
        String before = Seal.GENESIS;
        String formerBefore = Seal.GENESIS;
        for (int number = 1; number <= 3; number++) {
            var former = SealedRange.former(formerBefore);
            var range = new SealedRange(before);
            for (JournalRow row : ofSeal(number)) {
                former.add(row);
                range.add(row);
            }
            formerBefore = former.hash();
            Optional<String> kept = withFormer ? Optional.of(formerBefore) : Optional.empty();
            before = range.hash(kept);
            seals.add(new Seal(number, 2, before, kept));
        }
        return seals;
    }

    private List<JournalRow> ofSeal(long number) {
        return rows.subList((int) (number - 1) * 2, (int) number * 2);
    }

    private Verdict check(List<Seal> seals, Optional<NotedSeal> noted) {
        var check = new SealCheck(seals.iterator(), noted);
        rows.forEach(check::add);
        return check.verdict();
    }

    private static void assertBroken(Verdict verdict, long seal, String problem) {
        assertThat(verdict).isInstanceOfSatisfying(Broken.class, broken -> {
            assertThat(broken.seal()).isEqualTo(seal);
            assertThat(broken.firstEntry()).isEqualTo(seal * 2 - 1);
            assertThat(broken.problem()).contains(problem);
        });
    }

    private static JournalRow row(String persistenceId, long sequenceNr, String manifest, String payload) {
        return new JournalRow(
                persistenceId,
                sequenceNr,
                false,
                "writer",
                Optional.of(7L),
                Optional.of(""),
                33,
                manifest,
                payload.getBytes(StandardCharsets.UTF_8),
                "salt of 16 bytes".getBytes(StandardCharsets.UTF_8),
                Optional.empty());
    }

    private static JournalRow erased(JournalRow row, byte[] hash, byte[] payload) {
        return new JournalRow(
                row.persistenceId(),
                row.sequenceNr(),
                row.deleted(),
                row.writer(),
                row.writeMillis(),
                row.adapterManifest(),
                row.serializerId(),
                row.manifest(),
                payload,
                new byte[16],
                Optional.of(hash));
    }

    private static byte[] sha256(String text) {
        return Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }
}

package dev.triptych.runtime.postgres;

import dev.triptych.audit.domain.Seal;
import dev.triptych.audit.domain.SealedRange;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals from before there was erasure, which are over entire payloads: each is checked as it was made, and made anew over
 * the payloads' hashes, its former hash sealed with it. One that does not hold keeps its hash, and so never holds.
 */
final class FormerSeals {

    private static final Logger LOG = LoggerFactory.getLogger(FormerSeals.class);

    private static final int FETCH_ROWS = 500;

    private static final String FORMER =
            "SELECT number, entries, hash FROM journal_seal WHERE format = 1 ORDER BY number";

    private static final String ROWS = "SELECT " + JournalRows.COLUMNS + " FROM event_journal ORDER BY tx, ordering";

    private static final String RENEW =
            "UPDATE journal_seal SET format = 2, hash = ?, former_hash = ? WHERE number = ? AND format = 1";

    private FormerSeals() {}

    /** In the open transaction; seconds for a million entries, once. */
    static void renew(Connection open) throws SQLException {
        List<Seal> former = former(open);
        if (former.isEmpty()) {
            return;
        }
        LOG.info("{} seals are made anew, so that entities can be erased under them", former.size());
        String formerBefore = Seal.GENESIS;
        String before = Seal.GENESIS;
        try (var statement = open.prepareStatement(ROWS);
                var renew = open.prepareStatement(RENEW)) {
            statement.setFetchSize(FETCH_ROWS);
            try (var rows = statement.executeQuery()) {
                for (Seal seal : former) {
                    var asItWas = SealedRange.former(formerBefore);
                    var anew = new SealedRange(before);
                    while (anew.entries() < seal.entries() && rows.next()) {
                        var row = JournalRows.at(rows, 1);
                        asItWas.add(row);
                        anew.add(row);
                    }
                    boolean holds = asItWas.hash().equals(seal.hash());
                    formerBefore = seal.hash();
                    before = holds ? anew.hash(Optional.of(seal.hash())) : seal.hash();
                    renew.setString(1, before);
                    renew.setString(2, seal.hash());
                    renew.setLong(3, seal.number());
                    renew.executeUpdate();
                }
            }
        }
    }

    private static List<Seal> former(Connection open) throws SQLException {
        try (var statement = open.prepareStatement(FORMER);
                var rows = statement.executeQuery()) {
            var seals = new ArrayList<Seal>();
            while (rows.next()) {
                seals.add(new Seal(rows.getLong(1), rows.getLong(2), rows.getString(3), Optional.empty()));
            }
            return seals;
        }
    }
}

package dev.triptych.runtime.postgres;

import dev.triptych.audit.domain.JournalRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Reads rows of the journal as they are stored. */
final class JournalRows {

    /** As bytes; all zero where there is none. */
    static final String SALT = "uuid_send(coalesce(salt, '00000000-0000-0000-0000-000000000000'))";

    static final String COLUMNS = "persistence_id, sequence_number, deleted, writer, write_timestamp, adapter_manifest,"
            + " event_ser_id, event_ser_manifest, event_payload, " + SALT + ", erased_hash";

    private JournalRows() {}

    /** @param first position of the first of {@link #COLUMNS} */
    static JournalRow at(ResultSet row, int first) throws SQLException {
        return new JournalRow(
                row.getString(first),
                row.getLong(first + 1),
                row.getBoolean(first + 2),
                row.getString(first + 3),
                Optional.ofNullable((Long) row.getObject(first + 4)),
                Optional.ofNullable(row.getString(first + 5)),
                row.getInt(first + 6),
                row.getString(first + 7),
                row.getBytes(first + 8),
                row.getBytes(first + 9),
                Optional.ofNullable(row.getBytes(first + 10)));
    }
}

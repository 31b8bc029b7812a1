-- Each seal closes the range of the journal that follows the seal before it: SHA-256 over that seal's hash and the
-- range's rows. Made with the projection's steps, and never made again.
CREATE TABLE journal_seal (
    number           bigint      PRIMARY KEY,
    entries          bigint      NOT NULL,
    hash             text        NOT NULL,
    -- The last row it covers: where the next range begins.
    through_tx       xid8        NOT NULL,
    through_ordering bigint      NOT NULL,
    sealed_at        timestamptz NOT NULL DEFAULT now()
);

-- Makes a journal that was copied from another server this server's own. Transaction ids mean something within one
-- server only; commit order, which the seals follow, is kept as plain ordering numbers. The offline store is made anew.
CREATE FUNCTION adopt_journal() RETURNS void LANGUAGE sql AS $$
    UPDATE event_journal SET tx = '3', ordering = place.number
    FROM (SELECT persistence_id, sequence_number, row_number() OVER (ORDER BY tx, ordering) AS number
          FROM event_journal) place
    WHERE event_journal.persistence_id = place.persistence_id
      AND event_journal.sequence_number = place.sequence_number;
    UPDATE journal_seal SET through_tx = '3', through_ordering = covered.entries
    FROM (SELECT number, sum(entries) OVER (ORDER BY number) AS entries FROM journal_seal) covered
    WHERE journal_seal.number = covered.number;
    SELECT setval(pg_get_serial_sequence('event_journal', 'ordering'),
                  (SELECT coalesce(max(ordering), 0) + 1 FROM event_journal), false);
    UPDATE projection_offset SET tx = '0', ordering = 0;
    DELETE FROM feature_segment;
$$;

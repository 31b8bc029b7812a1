-- The right to be forgotten: an erased entity's payloads are overwritten, and the seals over the journal still hold.

-- SHA-256 of salt and payload as an erased row was written, by which its seal still holds; NULL where nothing was erased.
ALTER TABLE event_journal ADD COLUMN erased_hash bytea;

-- 16 random bytes, erased with the payload: a short one could otherwise be guessed by its hash. From the writer, as
-- gen_random_uuid() would double the time of a batch. Rows that are there already have none; to give them one would write
-- the whole journal again.
ALTER TABLE event_journal ADD COLUMN salt uuid;

-- Seals of format 1 are over entire payloads, those of format 2 over hashes of salts and payloads. The journal's tailer makes
-- the former anew and keeps their hash, which somebody may have noted.
ALTER TABLE journal_seal ADD COLUMN format int NOT NULL DEFAULT 1;
ALTER TABLE journal_seal ALTER COLUMN format SET DEFAULT 2;
ALTER TABLE journal_seal ADD COLUMN former_hash text;

-- Every erasure that was carried out. A projection of the journal.
CREATE TABLE feature_erasure (
    system         text   NOT NULL,
    entity         text   NOT NULL,
    key            text   COLLATE "C" NOT NULL,
    -- The erasure's own number in the entity's journal: events before it are erased.
    sequence_nr    bigint NOT NULL,
    -- Event time up to which rows are erased.
    through_micros bigint NOT NULL,
    PRIMARY KEY (system, entity, key, sequence_nr)
);

-- PostgreSQL samples columns for its planner, values included, and nobody searches by payload. Setting a type anew
-- drops the sample that is there.
ALTER TABLE event_journal ALTER COLUMN event_payload TYPE bytea;
ALTER TABLE event_journal ALTER COLUMN event_payload SET STATISTICS 0;
ALTER TABLE snapshot ALTER COLUMN snapshot_payload TYPE bytea;
ALTER TABLE snapshot ALTER COLUMN snapshot_payload SET STATISTICS 0;

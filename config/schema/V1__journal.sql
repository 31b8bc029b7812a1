-- The journal: the one truth. Columns are those of akka-persistence-jdbc, but for tx; ids of entities may be long.
CREATE TABLE event_journal (
    ordering           bigserial NOT NULL,
    persistence_id     text      COLLATE "C" NOT NULL,
    sequence_number    bigint    NOT NULL,
    deleted            boolean   NOT NULL DEFAULT FALSE,
    writer             text      NOT NULL,
    write_timestamp    bigint,
    adapter_manifest   text,
    event_ser_id       int       NOT NULL,
    event_ser_manifest text      NOT NULL,
    event_payload      bytea     NOT NULL,
    meta_ser_id        int,
    meta_ser_manifest  text,
    meta_payload       bytea,
    -- The transaction that wrote the row. Below a snapshot's xmin, (tx, ordering) is an order in which nothing ever
    -- appears late; ordering alone is not, since numbers are drawn before their transactions commit.
    tx                 xid8      NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (persistence_id, sequence_number)
);
CREATE INDEX event_journal_commit_order ON event_journal (tx, ordering);

-- Snapshots only shorten recovery; all of them can be thrown away.
CREATE TABLE snapshot (
    persistence_id        text   COLLATE "C" NOT NULL,
    sequence_number       bigint NOT NULL,
    created               bigint NOT NULL,
    snapshot_ser_id       int    NOT NULL,
    snapshot_ser_manifest text   NOT NULL,
    snapshot_payload      bytea  NOT NULL,
    meta_ser_id           int,
    meta_ser_manifest     text,
    meta_payload          bytea,
    PRIMARY KEY (persistence_id, sequence_number)
);

-- Model artifacts, each under the SHA-256 of its bytes in hex.
CREATE TABLE artifact (
    hash       text        PRIMARY KEY,
    bytes      bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
-- Artifacts are compressed already where they can be.
ALTER TABLE artifact ALTER COLUMN bytes SET STORAGE EXTERNAL;

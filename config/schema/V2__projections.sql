-- What the journal's tailer makes of the journal: which files are the offline store, the predictions, and how far it
-- came. All of it can be thrown away and made again from the journal.

-- The last event projected, in commit order. Moves in the transaction that writes what was made of the events.
CREATE TABLE projection_offset (
    slice    int    PRIMARY KEY,
    tx       xid8   NOT NULL,
    ordering bigint NOT NULL
);
INSERT INTO projection_offset (slice, tx, ordering) VALUES (0, '0', 0);

-- The Parquet files that hold the feature rows. A retired one was merged into another, and its file goes an hour later.
CREATE TABLE feature_segment (
    path           text   PRIMARY KEY,
    system         text   NOT NULL,
    entity         text   NOT NULL,
    view           text   NOT NULL,
    feature_names  text[] NOT NULL,
    feature_types  text   NOT NULL,
    first_tx       xid8   NOT NULL,
    first_ordering bigint NOT NULL,
    last_tx        xid8   NOT NULL,
    last_ordering  bigint NOT NULL,
    row_count      bigint NOT NULL,
    retired_at     timestamptz
);
CREATE INDEX feature_segment_view ON feature_segment (system, entity, view) WHERE retired_at IS NULL;
CREATE INDEX feature_segment_retired ON feature_segment (retired_at) WHERE retired_at IS NOT NULL;

-- Every recorded prediction. Times are UTC microseconds; ids sort by time; raw inputs are a CBOR array.
CREATE TABLE prediction (
    id               text     COLLATE "C" PRIMARY KEY,
    system           text     NOT NULL,
    deployment       text     NOT NULL,
    model            text     NOT NULL,
    version          int      NOT NULL,
    key              text,
    sequence_nr      bigint   NOT NULL,
    as_of_micros     bigint   NOT NULL,
    given            bytea    NOT NULL,
    outputs          float8[] NOT NULL,
    predicted_micros bigint   NOT NULL,
    run_id           text,
    -- Where it was recorded: the log, the event in it, the place in that event.
    log              text     NOT NULL,
    log_sequence_nr  bigint   NOT NULL,
    log_index        int      NOT NULL
);
CREATE INDEX prediction_by_deployment ON prediction (system, deployment, predicted_micros);
CREATE INDEX prediction_by_key ON prediction (system, key, id);
CREATE INDEX prediction_by_run ON prediction (run_id, id) WHERE run_id IS NOT NULL;

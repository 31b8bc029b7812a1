-- What batch inference says, one row a run and key. Not a projection: whether a key was predicted is decided here.
CREATE TABLE batch_prediction (
    run_id           text     NOT NULL,
    system           text     NOT NULL,
    pipeline         text     NOT NULL,
    key              text     COLLATE "C" NOT NULL,
    -- The record of it in table prediction, unless the deployment's audit is off.
    prediction_id    text     NOT NULL,
    version          int      NOT NULL,
    -- The most probable outcome, or the number as text.
    output           text     NOT NULL,
    -- One an outcome, in the order of the version's signature.
    scores           float8[] NOT NULL,
    as_of_micros     bigint   NOT NULL,
    predicted_micros bigint   NOT NULL,
    PRIMARY KEY (run_id, key)
);
CREATE INDEX batch_prediction_by_key ON batch_prediction (system, pipeline, key);

-- How far back table prediction goes: older rows have left it, and are in the journal alone.
CREATE TABLE prediction_retention (
    kept_since_micros bigint NOT NULL
);
INSERT INTO prediction_retention (kept_since_micros) VALUES (0);

-- Rows lie in the order of their times, about, so that a few bytes for every hundred pages find the old ones.
CREATE INDEX prediction_by_time ON prediction USING brin (predicted_micros);

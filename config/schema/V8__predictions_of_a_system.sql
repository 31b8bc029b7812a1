-- The newest predictions of one system, wherever it is the one that predicts least.
CREATE INDEX prediction_by_system ON prediction (system, id);

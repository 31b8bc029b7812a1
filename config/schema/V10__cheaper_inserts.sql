-- The planner's statistics come from a sample of 300 rows for each step of detail. At the usual hundred, drawing it again
-- and again took a tenth of a machine while predictions are written; a tenth of that still tells a frequent system,
-- deployment or key from a rare one. No detail for what nobody searches by.
ALTER TABLE event_journal
    ALTER COLUMN ordering           SET STATISTICS 10,
    ALTER COLUMN persistence_id     SET STATISTICS 10,
    ALTER COLUMN sequence_number    SET STATISTICS 10,
    ALTER COLUMN deleted            SET STATISTICS 0,
    ALTER COLUMN writer             SET STATISTICS 0,
    ALTER COLUMN write_timestamp    SET STATISTICS 0,
    ALTER COLUMN adapter_manifest   SET STATISTICS 0,
    ALTER COLUMN event_ser_id       SET STATISTICS 0,
    ALTER COLUMN event_ser_manifest SET STATISTICS 0,
    ALTER COLUMN meta_ser_id        SET STATISTICS 0,
    ALTER COLUMN meta_ser_manifest  SET STATISTICS 0,
    ALTER COLUMN meta_payload       SET STATISTICS 0,
    ALTER COLUMN tx                 SET STATISTICS 10,
    ALTER COLUMN erased_hash        SET STATISTICS 0,
    ALTER COLUMN salt               SET STATISTICS 0;

ALTER TABLE prediction
    ALTER COLUMN id               SET STATISTICS 10,
    ALTER COLUMN system           SET STATISTICS 10,
    ALTER COLUMN deployment       SET STATISTICS 10,
    ALTER COLUMN model            SET STATISTICS 0,
    ALTER COLUMN version          SET STATISTICS 10,
    ALTER COLUMN key              SET STATISTICS 10,
    ALTER COLUMN sequence_nr      SET STATISTICS 0,
    ALTER COLUMN as_of_micros     SET STATISTICS 0,
    ALTER COLUMN given            SET STATISTICS 0,
    ALTER COLUMN outputs          SET STATISTICS 0,
    ALTER COLUMN predicted_micros SET STATISTICS 10,
    ALTER COLUMN run_id           SET STATISTICS 10,
    ALTER COLUMN log              SET STATISTICS 0,
    ALTER COLUMN log_sequence_nr  SET STATISTICS 0,
    ALTER COLUMN log_index        SET STATISTICS 0,
    ALTER COLUMN shadow_of        SET STATISTICS 10;

-- What is recorded together is a few kilobytes: compressing it took a third of the insert, and saves a tenth of what
-- the table of predictions takes for the same.
ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTERNAL;

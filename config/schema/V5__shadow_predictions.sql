-- The id of the answer that a shadow was evaluated beside; empty for the answers themselves.
ALTER TABLE prediction ADD COLUMN shadow_of text;

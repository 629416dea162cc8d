-- What others make of a node: one that only reads, and since when it counts as stale.
ALTER TABLE session ADD COLUMN observer BOOLEAN DEFAULT false;
ALTER TABLE session ADD COLUMN stale_us BIGINT DEFAULT 3000000;

ALTER TABLE session DROP COLUMN observer;
ALTER TABLE session DROP COLUMN stale_us;

DROP INDEX run_end_revoked;
DROP TABLE lead;
ALTER TABLE session DROP COLUMN backend_pid, DROP COLUMN backend_start, DROP COLUMN observer,
  DROP COLUMN stale_after;

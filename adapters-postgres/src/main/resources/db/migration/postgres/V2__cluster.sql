-- backend: the connection that carries its heartbeats, which a killed process loses at once.
ALTER TABLE session
  ADD COLUMN backend_pid int,
  ADD COLUMN backend_start timestamptz,
  ADD COLUMN observer bool NOT NULL DEFAULT false,
  ADD COLUMN stale_after interval NOT NULL DEFAULT interval '3 seconds';

-- What was cancelled by force or has expired, for the heartbeat of whoever held it.
CREATE INDEX run_end_revoked ON run_end(session, ended_at)
  WHERE kind IN (5, 6) AND session IS NOT NULL;

-- The one lead. term is unique, so that a fence (FOR KEY SHARE) makes a takeover wait, which
-- changes it, and lets a renewal pass, which does not.
CREATE TABLE lead(
  one         bool PRIMARY KEY CHECK (one),
  incarnation bigint NOT NULL,
  term        bigint NOT NULL UNIQUE,
  session     bigint,
  since       timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL
) WITH (fillfactor = 50);
INSERT INTO lead(one, incarnation, term, since, expires_at)
VALUES (true, incarnation(), 0, '-infinity', '-infinity');

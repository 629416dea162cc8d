-- Every decision on time asks this function: inlined where it is called, replaced where tests move
-- time.
CREATE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
  AS 'SELECT pg_catalog.clock_timestamp()';

-- Which history of which database this is: the system and its timeline, folded into a positive
-- number.
CREATE FUNCTION incarnation() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (system_identifier
          # (('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint << 31))
         & 9223372036854775807
  FROM pg_control_system()
$$;

-- The number of the transaction that writes a row.
CREATE FUNCTION this_xid() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT pg_current_xact_id()::text::bigint';

-- Whether a row was written by a younger transaction than this one: the event stream is ordered by
-- their numbers, so this one must not write the next event of that task.
CREATE FUNCTION late(writer xid) RETURNS bool LANGUAGE sql STABLE
  AS 'SELECT age(writer) < age(CAST(pg_current_xact_id() AS xid))';

-- Every transaction below it has ended, so what it wrote is visible or never will be.
CREATE FUNCTION horizon() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint';

-- Where the event stream of this schema begins.
CREATE TABLE stream_start(
  xid bigint NOT NULL
);
INSERT INTO stream_start(xid) VALUES (this_xid());

CREATE TABLE lane(
  id     int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ns     text NOT NULL,
  queue  text NOT NULL,
  type   text NOT NULL,
  needs  text NOT NULL,
  paused bool NOT NULL DEFAULT false
);
-- Constraints may be longer than an index entry can be.
CREATE UNIQUE INDEX lane_key ON lane(ns, queue, type, md5(needs));

CREATE TABLE session(
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  node         text NOT NULL,
  address      text NOT NULL,
  label_keys   text[] NOT NULL,
  label_values text[] NOT NULL,
  types        text[] NOT NULL,
  slots        int NOT NULL,
  free_slots   int NOT NULL,
  draining     bool NOT NULL DEFAULT false,
  exclusive    bool NOT NULL,
  ttl          interval NOT NULL,
  started_at   timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL,
  ended_at     timestamptz
) WITH (fillfactor = 50);
CREATE UNIQUE INDEX session_live ON session(node) WHERE ended_at IS NULL;
CREATE INDEX session_node ON session(node, id);

-- The definition of a task, written once. ord: microseconds of the first due time, kept for life.
-- flags: the marks it is born with in the lower eight bits; 256 born ready, 512 born scheduled,
-- 1024 fails when its worker is lost.
CREATE TABLE task(
  id             uuid PRIMARY KEY,
  lane           int NOT NULL,
  priority       smallint NOT NULL,
  ord            bigint NOT NULL,
  max_attempts   smallint NOT NULL,
  flags          smallint NOT NULL,
  due_at         timestamptz,
  created_at     timestamptz NOT NULL,
  xid            bigint NOT NULL DEFAULT this_xid(),
  retry_strategy text,
  retry_base     bigint,
  retry_cap      bigint,
  retry_jitter   float8,
  non_retryable  text[],
  timeout        bigint,
  expires_in     bigint,
  parent         uuid,
  key            text,
  ref            text,
  tags           text[],
  payload        text NOT NULL
);
COMMENT ON COLUMN task.retry_strategy IS 'NULL for the default policy, as are base, cap and jitter';
COMMENT ON COLUMN task.retry_base IS 'microseconds, as are retry_cap, timeout and expires_in';
CREATE INDEX task_lane ON task(lane, id);
CREATE INDEX task_parent ON task(parent, id) WHERE parent IS NOT NULL;
CREATE INDEX task_tags ON task USING gin(tags) WHERE tags IS NOT NULL;
CREATE INDEX task_xid ON task USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);

-- The places. A live task has one row in exactly one of them, and that row is its only lock.
-- flags are the marks: 1 has dependants, 2 woken while it ran, 32 record the start before running.
CREATE TABLE ready(
  lane     int NOT NULL,
  priority smallint NOT NULL,
  ord      bigint NOT NULL,
  task     uuid NOT NULL,
  run      int NOT NULL,
  attempt  smallint NOT NULL,
  v        int NOT NULL,
  flags    smallint NOT NULL,
  PRIMARY KEY (lane, priority, ord, task)
);
CREATE TABLE scheduled(
  task    uuid PRIMARY KEY,
  due_at  timestamptz NOT NULL,
  run     int NOT NULL,
  attempt smallint NOT NULL,
  v       int NOT NULL,
  flags   smallint NOT NULL
);
CREATE INDEX scheduled_due ON scheduled(due_at, task);
CREATE TABLE blocked(
  task    uuid PRIMARY KEY,
  open    int NOT NULL,
  run     int NOT NULL,
  attempt smallint NOT NULL,
  v       int NOT NULL,
  flags   smallint NOT NULL
);
CREATE TABLE suspended(
  task    uuid PRIMARY KEY,
  wake_at timestamptz,
  run     int NOT NULL,
  attempt smallint NOT NULL,
  v       int NOT NULL,
  flags   smallint NOT NULL
);
CREATE INDEX suspended_wake ON suspended(wake_at, task) WHERE wake_at IS NOT NULL;
CREATE TABLE held(
  task          uuid PRIMARY KEY,
  run           int NOT NULL,
  claim         bigint NOT NULL,
  session       bigint NOT NULL,
  attempt       smallint NOT NULL,
  assigned_v    int NOT NULL,
  v             int NOT NULL,
  flags         smallint NOT NULL,
  started_at    timestamptz,
  deadline      timestamptz,
  cancel_reason text,
  percent       float8,
  message       text
) WITH (fillfactor = 70);
CREATE INDEX held_deadline ON held(deadline) WHERE deadline IS NOT NULL;
CREATE INDEX held_cancelled ON held(session) WHERE cancel_reason IS NOT NULL;

-- Places come and go: vacuum by number, without a pause, and never with the lock that truncation
-- takes.
ALTER TABLE ready SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
ALTER TABLE scheduled SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
ALTER TABLE blocked SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
ALTER TABLE suspended SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);
ALTER TABLE held SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_vacuum_cost_delay = 0, vacuum_truncate = off);

CREATE TABLE expiry(
  task uuid PRIMARY KEY,
  at   timestamptz NOT NULL
);
CREATE INDEX expiry_at ON expiry(at, task);

-- Facts, appended and never changed.
CREATE TABLE claim(
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  session  bigint NOT NULL,
  request  bigint NOT NULL,
  at       timestamptz NOT NULL,
  tasks    uuid[] NOT NULL,
  versions int[] NOT NULL,
  attempts smallint[] NOT NULL,
  xid      bigint NOT NULL DEFAULT this_xid(),
  CONSTRAINT claim_request UNIQUE (session, request)
);
CREATE INDEX claim_xid ON claim USING brin(xid) WITH (pages_per_range = 8, autosummarize = on);

-- v is the version of the end's first event; started_v that of the start, unless a note holds it.
-- An error is a row of its types, messages and stack traces, the outermost first.
CREATE TABLE run_end(
  task           uuid NOT NULL,
  run            int NOT NULL,
  claim          bigint,
  session        bigint,
  assigned_v     int,
  kind           smallint NOT NULL,
  final          bool NOT NULL,
  attempt        smallint NOT NULL,
  v              int NOT NULL,
  started_v      int,
  started_at     timestamptz,
  ended_at       timestamptz NOT NULL,
  next_at        timestamptz,
  xid            bigint NOT NULL DEFAULT this_xid(),
  result         text,
  error_types    text[],
  error_messages text[],
  error_stacks   text[],
  PRIMARY KEY (task, run)
);
CREATE INDEX run_end_bad ON run_end(kind, task) WHERE final AND kind <> 1;
CREATE INDEX run_end_xid ON run_end USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE note(
  task    uuid NOT NULL,
  v       int NOT NULL,
  kind    smallint NOT NULL,
  at      timestamptz NOT NULL,
  attempt smallint NOT NULL,
  session bigint,
  xid     bigint NOT NULL DEFAULT this_xid(),
  percent float8,
  message text,
  due_at  timestamptz,
  reason  text,
  PRIMARY KEY (task, v)
);
CREATE INDEX note_xid ON note USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE edge(
  up       uuid NOT NULL,
  down     uuid NOT NULL,
  required bool NOT NULL,
  PRIMARY KEY (down, up)
);
CREATE INDEX edge_up ON edge(up, down);

-- Ended tasks whose dependants were not all handled in the transaction that ended them.
CREATE TABLE cascade_todo(
  task  uuid PRIMARY KEY,
  after uuid
);

CREATE TABLE idem(
  ns          text NOT NULL,
  key         text NOT NULL,
  task        uuid NOT NULL,
  fingerprint text NOT NULL,
  PRIMARY KEY (ns, key)
);

CREATE TABLE stat_delta(
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue text NOT NULL,
  state text NOT NULL,
  n     bigint NOT NULL,
  at    timestamptz NOT NULL
);
CREATE INDEX stat_delta_at ON stat_delta(at);
CREATE TABLE stat_total(
  queue text NOT NULL,
  state text NOT NULL,
  n     bigint NOT NULL,
  PRIMARY KEY (queue, state)
) WITH (fillfactor = 50);

-- Reads.

-- A task without its payload.
CREATE VIEW definition AS
  SELECT t.id, t.lane, l.ns, l.queue, l.type, l.needs, t.priority, t.ord, t.max_attempts,
         t.flags AS task_flags, t.due_at AS first_due_at, t.created_at, t.retry_strategy,
         t.retry_base, t.retry_cap, t.retry_jitter, t.non_retryable, t.timeout, t.expires_in,
         t.parent, t.key, t.ref, t.tags
    FROM task t
    JOIN lane l ON l.id = t.lane;

-- The live tasks and their states.
CREATE VIEW place AS
  SELECT task, 'pending' AS state FROM ready
  UNION ALL SELECT task, 'scheduled' FROM scheduled
  UNION ALL SELECT task, 'blocked' FROM blocked
  UNION ALL SELECT task, 'waiting' FROM suspended
  UNION ALL SELECT task, 'claimed' FROM held WHERE started_at IS NULL
  UNION ALL SELECT task, 'running' FROM held WHERE started_at IS NOT NULL;

-- How a task stands: its place, or the end that it has come to.
CREATE VIEW standing AS
  SELECT t.id AS task,
         coalesce(p.state, CASE e.kind WHEN 1 THEN 'completed' WHEN 6 THEN 'timed_out'
           WHEN 2 THEN 'failed' WHEN 4 THEN 'failed' ELSE 'cancelled' END) AS state,
         p.state IS NOT NULL AS live,
         coalesce(p.run, e.run) AS run,
         coalesce(p.attempt, e.attempt) AS attempt,
         coalesce(p.v, e.v) AS v,
         coalesce(p.claim, e.claim) AS claim,
         coalesce(p.session, e.session) AS session,
         coalesce(p.started_at, e.started_at) AS started_at,
         p.due_at, p.cancel_reason, p.percent, p.message,
         e.kind, e.ended_at
    FROM task t
    LEFT JOIN LATERAL (
      SELECT 'pending' AS state, run, attempt, v, CAST(NULL AS bigint) AS claim,
             CAST(NULL AS bigint) AS session, CAST(NULL AS timestamptz) AS started_at,
             CAST(NULL AS timestamptz) AS due_at, CAST(NULL AS text) AS cancel_reason,
             CAST(NULL AS float8) AS percent, CAST(NULL AS text) AS message
        FROM ready r
       WHERE r.lane = t.lane AND r.priority = t.priority AND r.ord = t.ord AND r.task = t.id
      UNION ALL
      SELECT CASE WHEN started_at IS NULL THEN 'claimed' ELSE 'running' END, run, attempt, v,
             claim, session, started_at, NULL, cancel_reason, percent, message
        FROM held h WHERE h.task = t.id
      UNION ALL
      SELECT 'scheduled', run, attempt, v, NULL, NULL, NULL, due_at, NULL, NULL, NULL
        FROM scheduled s WHERE s.task = t.id
      UNION ALL
      SELECT 'blocked', run, attempt, v, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM blocked b WHERE b.task = t.id
      UNION ALL
      SELECT 'waiting', run, attempt, v, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM suspended w WHERE w.task = t.id) p ON true
    LEFT JOIN LATERAL (
      SELECT run, attempt, v, claim, session, started_at, kind, ended_at
        FROM run_end r
       WHERE p.state IS NULL AND r.task = t.id AND r.final
       ORDER BY r.run DESC LIMIT 1) e ON true;

-- What there is to say of a task, but for what may be large. told_run is the run whose end tells
-- its error; node, fence and claimed_at are those of its holder or its last holder.
CREATE VIEW overview AS
  SELECT d.*, s.state, s.live, s.attempt, s.v, s.started_at, s.due_at, s.cancel_reason, s.percent,
         s.message, s.kind, s.ended_at, x.at AS expires_at,
         CASE WHEN s.live THEN f.run ELSE s.run END AS told_run,
         s.claim IS NOT NULL AS claimed,
         n.node, coalesce(b.run, s.run) AS fence, c.at AS claimed_at,
         ARRAY(SELECT up FROM edge WHERE down = d.id ORDER BY up) AS ups,
         ARRAY(SELECT required FROM edge WHERE down = d.id ORDER BY up) AS ups_required
    FROM definition d
    JOIN standing s ON s.task = d.id
    LEFT JOIN expiry x ON x.task = d.id
    LEFT JOIN LATERAL (
      SELECT run, claim, session FROM run_end r
       WHERE s.claim IS NULL AND r.task = d.id AND r.claim IS NOT NULL
       ORDER BY r.run DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (
      SELECT run FROM run_end r
       WHERE s.live AND r.task = d.id AND r.kind IN (2, 4)
       ORDER BY r.run DESC LIMIT 1) f ON true
    LEFT JOIN claim c ON c.id = coalesce(s.claim, b.claim)
    LEFT JOIN session n ON n.id = coalesce(s.session, b.session);

-- Every decision on time asks this function: inlined where it is called, replaced where tests move time.
CREATE FUNCTION clock() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
  AS 'SELECT pg_catalog.clock_timestamp()';

-- Which history of which database this is: the system and its timeline, folded into a positive number.
CREATE FUNCTION incarnation() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT (system_identifier # (('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint << 31))
         & 9223372036854775807
  FROM pg_control_system()
$$;

-- The number of the transaction that writes a row.
CREATE FUNCTION this_xid() RETURNS bigint LANGUAGE sql STABLE
  AS 'SELECT pg_current_xact_id()::text::bigint';

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
  retry_strategy smallint,
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

-- Places come and go: vacuum by number, without a pause, and never with the lock that truncation takes.
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
  PRIMARY KEY (task, v)
);
COMMENT ON COLUMN note.message IS 'of a progress, or the reason of an asked cancel';
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

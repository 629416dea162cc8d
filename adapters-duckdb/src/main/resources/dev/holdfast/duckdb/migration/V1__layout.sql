-- Each fact is written once; the state of a task is the table where its row waits.
--
-- Instants are microseconds since 1970 (…_us), durations nanoseconds (…_ns), task ids UUIDs of
-- version 7. born_ms is the time in the first 48 bits of a task id: DuckDB prunes row groups by
-- it, which it does not do by a UUID. No table has an index: the one writer keeps the keys.

-- One row: which database this is. A copy that was put back becomes another one.
CREATE TABLE incarnation (
  number BIGINT NOT NULL
);

INSERT INTO incarnation (number)
SELECT CAST(hash(gen_random_uuid()) >> 1 AS BIGINT);

CREATE TABLE lane (
  number    INTEGER NOT NULL,
  namespace VARCHAR NOT NULL,
  queue     VARCHAR NOT NULL,
  type      VARCHAR NOT NULL,
  needs     VARCHAR NOT NULL
);

CREATE TABLE session (
  id             BIGINT    NOT NULL,
  node           VARCHAR   NOT NULL,
  address        VARCHAR   NOT NULL,
  label_keys     VARCHAR[] NOT NULL,
  label_values   VARCHAR[] NOT NULL,
  types          VARCHAR[] NOT NULL,
  exclusive      BOOLEAN   NOT NULL,
  slots          INTEGER   NOT NULL,
  free_slots     INTEGER   NOT NULL,
  draining       BOOLEAN   NOT NULL,
  ttl_us         BIGINT    NOT NULL,
  started_us     BIGINT    NOT NULL,
  heartbeat_us   BIGINT    NOT NULL,
  ended_us       BIGINT
);

CREATE TABLE task (
  id               UUID      NOT NULL,
  born_ms          BIGINT    NOT NULL,
  lane             INTEGER   NOT NULL,
  priority         INTEGER   NOT NULL,
  ord              BIGINT    NOT NULL,
  flags            INTEGER   NOT NULL, -- 1: born scheduled
  created_us       BIGINT    NOT NULL,
  due_us           BIGINT,
  max_attempts     INTEGER   NOT NULL,
  retry_strategy   VARCHAR   NOT NULL,
  retry_base_ns    BIGINT    NOT NULL,
  retry_cap_ns     BIGINT    NOT NULL,
  retry_jitter     DOUBLE    NOT NULL,
  non_retryable    VARCHAR[] NOT NULL,
  timeout_ns       BIGINT,
  expires_in_ns    BIGINT,
  on_worker_loss   VARCHAR   NOT NULL,
  idempotency_key  VARCHAR,
  parent           UUID,
  ref              VARCHAR,
  tags             VARCHAR[] NOT NULL,
  payload          VARCHAR   NOT NULL,
  xid              BIGINT    NOT NULL
);

-- The places. A row carries the seat of its task (lane, priority, ord) and its run.
CREATE TABLE ready (
  task     UUID     NOT NULL,
  lane     INTEGER  NOT NULL,
  priority INTEGER  NOT NULL,
  ord      BIGINT   NOT NULL,
  run      INTEGER  NOT NULL,
  attempt  INTEGER  NOT NULL,
  v        INTEGER  NOT NULL,
  flags    INTEGER  NOT NULL
);

CREATE TABLE scheduled (
  task     UUID     NOT NULL,
  lane     INTEGER  NOT NULL,
  priority INTEGER  NOT NULL,
  ord      BIGINT   NOT NULL,
  run      INTEGER  NOT NULL,
  attempt  INTEGER  NOT NULL,
  v        INTEGER  NOT NULL,
  flags    INTEGER  NOT NULL,
  due_us   BIGINT   NOT NULL
);

CREATE TABLE blocked (
  task     UUID     NOT NULL,
  lane     INTEGER  NOT NULL,
  priority INTEGER  NOT NULL,
  ord      BIGINT   NOT NULL,
  run      INTEGER  NOT NULL,
  attempt  INTEGER  NOT NULL,
  v        INTEGER  NOT NULL,
  flags    INTEGER  NOT NULL,
  open     INTEGER  NOT NULL
);

CREATE TABLE suspended (
  task     UUID     NOT NULL,
  lane     INTEGER  NOT NULL,
  priority INTEGER  NOT NULL,
  ord      BIGINT   NOT NULL,
  run      INTEGER  NOT NULL,
  attempt  INTEGER  NOT NULL,
  v        INTEGER  NOT NULL,
  flags    INTEGER  NOT NULL,
  wake_us  BIGINT
);

CREATE TABLE held (
  task             UUID     NOT NULL,
  lane             INTEGER  NOT NULL,
  priority         INTEGER  NOT NULL,
  ord              BIGINT   NOT NULL,
  run              INTEGER  NOT NULL,
  attempt          INTEGER  NOT NULL,
  v                INTEGER  NOT NULL,
  flags            INTEGER  NOT NULL,
  claim            BIGINT   NOT NULL,
  session          BIGINT   NOT NULL,
  av               INTEGER  NOT NULL,
  started_us       BIGINT,
  deadline_us      BIGINT,
  cancel_reason    VARCHAR,
  progress_percent DOUBLE,
  progress_message VARCHAR
);

CREATE TABLE expiry (
  task       UUID   NOT NULL,
  expires_us BIGINT NOT NULL
);

-- Facts, appended only.
CREATE TABLE claim (
  id         BIGINT     NOT NULL,
  session    BIGINT     NOT NULL,
  request    BIGINT     NOT NULL,
  claimed_us BIGINT     NOT NULL,
  size       INTEGER    NOT NULL,
  tasks      UUID[]     NOT NULL,
  lanes      INTEGER[]  NOT NULL,
  attempts   INTEGER[]  NOT NULL,
  versions   INTEGER[]  NOT NULL,
  xid        BIGINT     NOT NULL
);

CREATE TABLE run_end (
  task       UUID     NOT NULL,
  born_ms    BIGINT   NOT NULL,
  lane       INTEGER  NOT NULL,
  run        INTEGER  NOT NULL,
  kind       INTEGER  NOT NULL,
  terminal   BOOLEAN  NOT NULL,
  attempt    INTEGER  NOT NULL,
  v          INTEGER  NOT NULL,
  claim      BIGINT,
  session    BIGINT,
  av         INTEGER,
  started_us BIGINT,
  sv         INTEGER,
  ended_us   BIGINT   NOT NULL,
  next_us    BIGINT,
  result     VARCHAR,
  error      VARCHAR,
  xid        BIGINT   NOT NULL
);

CREATE TABLE note (
  task             UUID     NOT NULL,
  born_ms          BIGINT   NOT NULL,
  lane             INTEGER  NOT NULL,
  v                INTEGER  NOT NULL,
  kind             INTEGER  NOT NULL,
  noted_us         BIGINT   NOT NULL,
  attempt          INTEGER  NOT NULL,
  session          BIGINT,
  progress_percent DOUBLE,
  progress_message VARCHAR,
  due_us           BIGINT,
  reason           VARCHAR,
  xid              BIGINT   NOT NULL
);

CREATE TABLE edge (
  upstream      UUID    NOT NULL,
  upstream_ms   BIGINT  NOT NULL,
  downstream    UUID    NOT NULL,
  downstream_ms BIGINT  NOT NULL,
  required      BOOLEAN NOT NULL
);

CREATE TABLE deferred (
  upstream   UUID NOT NULL,
  after_task UUID
);

-- The one key that callers choose, and the one index: no clock orders these keys.
CREATE TABLE idempotency (
  namespace   VARCHAR NOT NULL,
  key         VARCHAR NOT NULL,
  task        UUID    NOT NULL,
  fingerprint VARCHAR NOT NULL,
  PRIMARY KEY (namespace, key)
);

CREATE TABLE stat_delta (
  queue      VARCHAR  NOT NULL,
  state      VARCHAR  NOT NULL,
  change     BIGINT   NOT NULL,
  counted_us BIGINT   NOT NULL
);

CREATE TABLE stat_total (
  queue VARCHAR NOT NULL,
  state VARCHAR NOT NULL,
  total BIGINT  NOT NULL
);

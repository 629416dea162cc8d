-- What is kept of a task lies in tables that are partitioned by its id, and ids carry their time. So
-- old history goes with its tables, and not row by row.

-- The least id of a task that is created at an instant or later.
CREATE FUNCTION first_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CAST(rpad(lpad(to_hex(CAST(floor(extract(epoch FROM at) * 1000) AS bigint)), 12, '0'),
                   32, '0') AS uuid)
$$;

-- When a task with this id was created.
CREATE FUNCTION time_of(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp(CAST(CAST('x' || substr(replace(CAST(id AS text), '-', ''), 1, 12)
                                AS bit(48)) AS bigint) / 1000.0)
$$;

-- The partitions but the default one, which are the same for each table. sparse: some of its tasks
-- stay, the others are removed row by row. detached: no longer a partition, about to be dropped.
CREATE TABLE history_range(
  name     text PRIMARY KEY,
  lower    uuid NOT NULL,
  upper    uuid NOT NULL,
  sparse   bool NOT NULL DEFAULT false,
  detached bool NOT NULL DEFAULT false
);

-- Nobody waits for us longer than a moment, and we wait for nobody: whoever works goes first.
DO $$
BEGIN
  FOR try IN 1..600 LOOP
    BEGIN
      SET LOCAL lock_timeout = '200ms';
      LOCK TABLE task, run_end, note, step IN ACCESS EXCLUSIVE MODE;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
  RAISE lock_not_available USING MESSAGE = 'the tables of the history are locked by others';
END $$;

SET LOCAL lock_timeout TO DEFAULT;

-- What there was is kept as it is, but for what a clock that is ahead has made.
DO $$
DECLARE
  tomorrow uuid := first_id(date_trunc('day', clock(), 'UTC') + interval '1 day');
  t record;
  may record;
BEGIN
  FOR t IN SELECT name, key, name || '_first' AS old
             FROM (VALUES ('task', 'id'), ('run_end', 'task'), ('note', 'task'), ('step', 'task'))
                  t(name, key) LOOP
    EXECUTE format('ALTER TABLE %I RENAME TO %I', t.name, t.old);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING COMMENTS)'
      ' PARTITION BY RANGE (%I)', t.name, t.old, t.key);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', t.name || '_other', t.name);
    EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= $1 RETURNING *)'
      ' INSERT INTO %I SELECT * FROM moved', t.old, t.key, t.name) USING tomorrow;
    FOR may IN SELECT a.* FROM pg_class c, aclexplode(c.relacl) a
                WHERE c.oid = CAST(t.old AS regclass) AND a.grantee <> c.relowner LOOP
      EXECUTE format('GRANT %s ON %I TO %s', may.privilege_type, t.name, CASE may.grantee
        WHEN 0 THEN 'PUBLIC' ELSE CAST(CAST(may.grantee AS regrole) AS text) END);
      IF t.name = 'task' THEN
        EXECUTE format('GRANT %s ON history_range TO %s', may.privilege_type, CASE may.grantee
          WHEN 0 THEN 'PUBLIC' ELSE CAST(CAST(may.grantee AS regrole) AS text) END);
      END IF;
    END LOOP;
  END LOOP;
END $$;

ALTER TABLE task ADD CONSTRAINT task_key PRIMARY KEY (id);
CREATE INDEX task_by_lane ON task(lane, id);
CREATE INDEX task_by_parent ON task(parent, id) WHERE parent IS NOT NULL;
CREATE INDEX task_by_tags ON task USING gin(tags) WHERE tags IS NOT NULL;
CREATE INDEX task_by_xid ON task USING brin(xid)
  WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE run_end ADD CONSTRAINT run_end_key PRIMARY KEY (task, run);
CREATE INDEX run_end_by_kind ON run_end(kind, task) WHERE final AND kind <> 1;
CREATE INDEX run_end_by_session ON run_end(session, ended_at)
  WHERE kind IN (5, 6) AND session IS NOT NULL;
CREATE INDEX run_end_by_xid ON run_end USING brin(xid)
  WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE note ADD CONSTRAINT note_key PRIMARY KEY (task, v);
CREATE INDEX note_by_xid ON note USING brin(xid)
  WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE step ADD CONSTRAINT step_key PRIMARY KEY (task, key);

-- It is the first partition, until tomorrow; its indexes are taken over.
DO $$
DECLARE
  tomorrow uuid := first_id(date_trunc('day', clock(), 'UTC') + interval '1 day');
  t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
      t, t || '_first', tomorrow);
  END LOOP;
  INSERT INTO history_range(name, lower, upper, sparse)
  VALUES ('first', '00000000-0000-0000-0000-000000000000', tomorrow, true);
END $$;

-- The same reads of the new tables. Each reads the task once: the planner reckons that a look by id
-- visits every partition, and would rather read a table whole than join two of them.

CREATE OR REPLACE VIEW definition AS
  SELECT t.id, t.lane, l.ns, l.queue, l.type, l.needs, t.priority, t.ord, t.max_attempts,
         t.flags AS task_flags, t.due_at AS first_due_at, t.created_at, t.retry_strategy,
         t.retry_base, t.retry_cap, t.retry_jitter, t.non_retryable, t.timeout, t.expires_in,
         t.parent, t.key, t.ref, t.tags
    FROM task t
    JOIN lane l ON l.id = t.lane;

CREATE OR REPLACE VIEW standing AS
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
         e.kind, e.ended_at,
         t.lane, t.priority, t.ord, t.max_attempts, t.flags AS task_flags,
         t.due_at AS first_due_at, t.created_at, t.retry_strategy, t.retry_base, t.retry_cap,
         t.retry_jitter, t.non_retryable, t.timeout, t.expires_in, t.parent, t.key, t.ref, t.tags
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

CREATE OR REPLACE VIEW overview AS
  SELECT s.task AS id, s.lane, l.ns, l.queue, l.type, l.needs, s.priority, s.ord, s.max_attempts,
         s.task_flags, s.first_due_at, s.created_at, s.retry_strategy, s.retry_base, s.retry_cap,
         s.retry_jitter, s.non_retryable, s.timeout, s.expires_in, s.parent, s.key, s.ref, s.tags,
         s.state, s.live, s.attempt, s.v, s.started_at, s.due_at, s.cancel_reason, s.percent,
         s.message, s.kind, s.ended_at, x.at AS expires_at,
         CASE WHEN s.live THEN f.run ELSE s.run END AS told_run,
         s.claim IS NOT NULL AS claimed,
         n.node, coalesce(b.run, s.run) AS fence, c.at AS claimed_at,
         ARRAY(SELECT up FROM edge WHERE down = s.task ORDER BY up) AS ups,
         ARRAY(SELECT required FROM edge WHERE down = s.task ORDER BY up) AS ups_required
    FROM standing s
    JOIN lane l ON l.id = s.lane
    LEFT JOIN expiry x ON x.task = s.task
    LEFT JOIN LATERAL (
      SELECT run, claim, session FROM run_end r
       WHERE s.claim IS NULL AND r.task = s.task AND r.claim IS NOT NULL
       ORDER BY r.run DESC LIMIT 1) b ON true
    LEFT JOIN LATERAL (
      SELECT run FROM run_end r
       WHERE s.live AND r.task = s.task AND r.kind IN (2, 4)
       ORDER BY r.run DESC LIMIT 1) f ON true
    LEFT JOIN claim c ON c.id = coalesce(s.claim, b.claim)
    LEFT JOIN session n ON n.id = coalesce(s.session, b.session);

-- The functions below run as the owner, for whoever may delete the rows. They give up at once where
-- others hold a lock, since everybody queues behind who waits for such a lock.

CREATE FUNCTION require_deleter() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF NOT has_table_privilege(session_user, 'task', 'DELETE') THEN
    RAISE insufficient_privilege USING MESSAGE = 'only who may delete tasks may do this';
  END IF;
  LOCK TABLE history_range IN SHARE ROW EXCLUSIVE MODE;
END $$;

-- Makes the next partition where those that there are end in less than three days: for a day, or for
-- a twelfth of the time that is kept, since each statement pays for each partition. Days of which the default partition holds rows are left to
-- it. Tells the name; NULL when there is nothing to do, empty when others held a lock.
CREATE FUNCTION add_range() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
  SET lock_timeout = '50ms' AS $$
DECLARE
  today timestamptz := date_trunc('day', clock(), 'UTC');
  since timestamptz;
  days int;
  width interval;
  new_name text;
  t record;
BEGIN
  PERFORM require_deleter();
  SELECT greatest(today, max(time_of(upper))),
         CAST(greatest(1, ceil(extract(day FROM today - min(time_of(upper))) / 12)) AS int)
    INTO since, days FROM history_range;
  width := coalesce(days, 1) * interval '1 day';
  WHILE since < today + interval '3 days'
        AND EXISTS (SELECT FROM task_other
                     WHERE id >= first_id(since) AND id < first_id(since + width)) LOOP
    since := since + interval '1 day';
  END LOOP;
  IF since >= today + interval '3 days' THEN
    RETURN NULL;
  END IF;
  new_name := to_char(since AT TIME ZONE 'UTC', 'YYYYMMDD');
  FOR t IN SELECT * FROM unnest(ARRAY['task', 'run_end', 'note', 'step']) t(name) LOOP
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', t.name || '_p' || new_name, t.name);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      t.name, t.name || '_p' || new_name, first_id(since), first_id(since + width));
  END LOOP;
  INSERT INTO history_range(name, lower, upper)
  VALUES ('p' || new_name, first_id(since), first_id(since + width));
  RETURN 'p' || new_name;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN '';
END $$;

-- Takes a partition out: 'out'. Nothing is changed when a transaction from :horizon on has written
-- to it or somebody depends on its tasks, 'used', or when others held a lock, 'locked'.
CREATE FUNCTION detach_range(range_name text, horizon bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '30ms' SET enable_seqscan = off AS $$
DECLARE
  r history_range;
  t text;
  in_use bool;
BEGIN
  PERFORM require_deleter();
  SELECT * INTO r FROM history_range WHERE name = range_name AND NOT detached;
  IF NOT FOUND THEN
    RETURN 'used';
  END IF;
  LOCK TABLE ONLY task, ONLY run_end, ONLY note, ONLY step IN ACCESS EXCLUSIVE MODE;
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note'] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE xid >= $1)', t || '_' || r.name)
       INTO in_use USING horizon;
    IF in_use THEN
      RAISE object_in_use;
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM edge WHERE up >= r.lower AND up < r.upper) THEN
    RAISE object_in_use;
  END IF;
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
    EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', t, t || '_' || r.name);
  END LOOP;
  UPDATE history_range SET detached = true WHERE name = range_name;
  RETURN 'out';
EXCEPTION
  WHEN lock_not_available OR deadlock_detected THEN
    RETURN 'locked';
  WHEN object_in_use THEN
    RETURN 'used';
END $$;

-- Drops what was taken out. The name; NULL when there is nothing, empty when others held a lock.
CREATE FUNCTION drop_range() RETURNS text LANGUAGE plpgsql SECURITY DEFINER
  SET lock_timeout = '50ms' AS $$
DECLARE
  gone text;
  t text;
BEGIN
  PERFORM require_deleter();
  SELECT name INTO gone FROM history_range WHERE detached ORDER BY lower LIMIT 1;
  IF gone IS NULL THEN
    RETURN NULL;
  END IF;
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
    EXECUTE format('DROP TABLE %I', t || '_' || gone);
  END LOOP;
  DELETE FROM history_range WHERE name = gone;
  RETURN gone;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
  RETURN '';
END $$;

-- The schema alone, whatever the caller searches first.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['require_deleter()', 'add_range()', 'detach_range(text, bigint)',
      'drop_range()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name,
      current_schema());
  END LOOP;
  FOR try IN 1..4 LOOP
    PERFORM add_range();
  END LOOP;
END $$;

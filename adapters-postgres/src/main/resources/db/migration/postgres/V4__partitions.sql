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
  v record;
BEGIN
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%L)',
      t, t || '_first', tomorrow);
  END LOOP;
  INSERT INTO history_range(name, lower, upper, sparse)
  VALUES ('first', '00000000-0000-0000-0000-000000000000', tomorrow, true);
  FOR v IN SELECT oid, relname FROM pg_class
            WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'v'
            ORDER BY oid LOOP
    EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', v.relname, regexp_replace(
      pg_get_viewdef(v.oid), '\y(task|run_end|note|step)_first\y', '\1', 'g'));
  END LOOP;
END $$;

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
-- a thirtieth of the time that is kept. Days of which the default partition holds rows are left to
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
         CAST(greatest(1, floor(extract(day FROM today - min(time_of(upper))) / 30)) AS int)
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

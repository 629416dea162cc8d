-- The history stays, in tables that are whole.
LOCK TABLE task, run_end, note, step IN ACCESS EXCLUSIVE MODE;

DO $$
DECLARE
  t text;
  v record;
  may record;
BEGIN
  FOREACH t IN ARRAY ARRAY['task', 'run_end', 'note', 'step'] LOOP
    EXECUTE format('ALTER TABLE %I RENAME TO %I', t, t || '_parts');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING COMMENTS)',
      t, t || '_parts');
    EXECUTE format('INSERT INTO %I SELECT * FROM %I', t, t || '_parts');
    FOR may IN SELECT a.* FROM pg_class c, aclexplode(c.relacl) a
                WHERE c.oid = CAST(t || '_parts' AS regclass) AND a.grantee <> c.relowner LOOP
      EXECUTE format('GRANT %s ON %I TO %s', may.privilege_type, t, CASE may.grantee
        WHEN 0 THEN 'PUBLIC' ELSE CAST(CAST(may.grantee AS regrole) AS text) END);
    END LOOP;
  END LOOP;
  FOR v IN SELECT oid, relname FROM pg_class
            WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'v'
            ORDER BY oid LOOP
    EXECUTE format('CREATE OR REPLACE VIEW %I AS %s', v.relname, regexp_replace(
      pg_get_viewdef(v.oid), '\y(task|run_end|note|step)_parts\y', '\1', 'g'));
  END LOOP;
  FOR v IN SELECT name FROM history_range WHERE detached LOOP
    EXECUTE format('DROP TABLE %I, %I, %I, %I',
      'task_' || v.name, 'run_end_' || v.name, 'note_' || v.name, 'step_' || v.name);
  END LOOP;
END $$;

DROP TABLE task_parts, run_end_parts, note_parts, step_parts, history_range;
DROP FUNCTION add_range(), detach_range(text, bigint), drop_range(), require_deleter(),
  first_id(timestamptz), time_of(uuid);

ALTER TABLE task ADD CONSTRAINT task_pkey PRIMARY KEY (id);
CREATE INDEX task_lane ON task(lane, id);
CREATE INDEX task_parent ON task(parent, id) WHERE parent IS NOT NULL;
CREATE INDEX task_tags ON task USING gin(tags) WHERE tags IS NOT NULL;
CREATE INDEX task_xid ON task USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE run_end ADD CONSTRAINT run_end_pkey PRIMARY KEY (task, run);
CREATE INDEX run_end_bad ON run_end(kind, task) WHERE final AND kind <> 1;
CREATE INDEX run_end_revoked ON run_end(session, ended_at)
  WHERE kind IN (5, 6) AND session IS NOT NULL;
CREATE INDEX run_end_xid ON run_end USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE note ADD CONSTRAINT note_pkey PRIMARY KEY (task, v);
CREATE INDEX note_xid ON note USING brin(xid) WITH (pages_per_range = 32, autosummarize = on);
ALTER TABLE step ADD CONSTRAINT step_pkey PRIMARY KEY (task, key);

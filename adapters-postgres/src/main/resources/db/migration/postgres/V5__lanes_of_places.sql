-- Whoever counts or lists the waiting tasks of a queue need not look up each of them. NULL in rows
-- that an older program has put there: then the task tells.
--
-- The locks are asked for a moment at a time, so that nobody waits behind them for long.
DO $$
BEGIN
  FOR try IN 1..600 LOOP
    BEGIN
      SET LOCAL lock_timeout = '200ms';
      LOCK TABLE scheduled, blocked, suspended IN ACCESS EXCLUSIVE MODE;
      RETURN;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      PERFORM pg_sleep(0.2);
    END;
  END LOOP;
  RAISE lock_not_available USING MESSAGE = 'the tables of waiting tasks are locked by others';
END $$;

SET LOCAL lock_timeout TO DEFAULT;

ALTER TABLE scheduled ADD COLUMN IF NOT EXISTS lane int;
ALTER TABLE blocked ADD COLUMN IF NOT EXISTS lane int;
ALTER TABLE suspended ADD COLUMN IF NOT EXISTS lane int;

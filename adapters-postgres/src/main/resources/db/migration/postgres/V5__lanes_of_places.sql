-- Whoever counts or lists the waiting tasks of a queue need not look up each of them. NULL in rows
-- that an older program has put there: then the task tells.
ALTER TABLE scheduled ADD COLUMN IF NOT EXISTS lane int;
ALTER TABLE blocked ADD COLUMN IF NOT EXISTS lane int;
ALTER TABLE suspended ADD COLUMN IF NOT EXISTS lane int;

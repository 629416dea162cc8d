DROP VIEW overview, standing, place, definition;
DROP TABLE stat_total, stat_delta, idem, cascade_todo, edge, note, run_end, claim, expiry,
  held, suspended, blocked, scheduled, ready, task, session, lane, stream_start;
DROP FUNCTION horizon(), late(xid), this_xid(), incarnation(), clock();

-- What the steps of a task came to: written once, by the holder of the run, and kept while the task
-- is.
CREATE TABLE step(
  task   uuid NOT NULL,
  key    text NOT NULL,
  run    int NOT NULL,
  result text NOT NULL,
  PRIMARY KEY (task, key)
);

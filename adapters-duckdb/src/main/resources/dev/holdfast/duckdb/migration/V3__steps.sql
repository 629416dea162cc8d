-- What the steps of a task came to: written once, and kept while the task is.
CREATE TABLE step (
  task    UUID    NOT NULL,
  born_ms BIGINT  NOT NULL,
  key     VARCHAR NOT NULL,
  run     INTEGER NOT NULL,
  result  VARCHAR NOT NULL,
  xid     BIGINT  NOT NULL
);

-- One row: the greatest numbers that anything had which was removed since.
CREATE TABLE removed (
  xid     BIGINT NOT NULL,
  claim   BIGINT NOT NULL,
  session BIGINT NOT NULL
);

INSERT INTO removed (xid, claim, session)
VALUES (0, 0, 0);

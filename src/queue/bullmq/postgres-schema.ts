/** Tables of the book in PostgreSQL; as in the embedded queue, a job waits exactly while its `line` is set. */
export const schema = `
CREATE TABLE jobs (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  kind text NOT NULL,
  grp text NOT NULL,
  priority int NOT NULL,
  lane text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'delayed', 'out', 'dead')),
  attempt int NOT NULL DEFAULT 0,
  lost int NOT NULL DEFAULT 0,
  line bigint,
  due timestamptz,
  claim bigint,
  run bigint NOT NULL DEFAULT 0,
  taken timestamptz,
  progress double precision,
  reason text,
  died_at text
);
CREATE INDEX jobs_line ON jobs (line, seq) WHERE line IS NOT NULL;
CREATE INDEX jobs_due ON jobs (due) WHERE state = 'delayed';
CREATE INDEX jobs_out ON jobs (taken) WHERE state = 'out';
CREATE INDEX jobs_dead ON jobs (id) WHERE state = 'dead';
CREATE INDEX jobs_group ON jobs (grp, state);

CREATE TABLE lines (
  line bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  grp text NOT NULL,
  kind text NOT NULL,
  priority int NOT NULL,
  lane text NOT NULL,
  held boolean NOT NULL,
  turn bigint NOT NULL,
  UNIQUE (grp, kind, priority, lane)
);
CREATE INDEX lines_turn ON lines (priority, turn) WHERE NOT held;

CREATE TABLE lanes (lane text PRIMARY KEY, tokens double precision NOT NULL, at timestamptz NOT NULL);
CREATE TABLE held_groups (grp text PRIMARY KEY);
CREATE TABLE held_all (held boolean PRIMARY KEY);
CREATE SEQUENCE turns;
CREATE SEQUENCE claims;
`;

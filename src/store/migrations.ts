/**
 * How a file gets from each version to the next; `user_version` counts the steps that it has seen. A step is never changed
 * once it has been published. The tables are those of schema.ts; a test compares the two.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS transcripts (
     key TEXT PRIMARY KEY, session_id TEXT NOT NULL, json TEXT NOT NULL, created_at INTEGER NOT NULL
   ) WITHOUT ROWID`,
  `CREATE TABLE artefacts (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
   CREATE TABLE bundles (
     kind TEXT NOT NULL, hash TEXT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, path TEXT NOT NULL,
     files TEXT NOT NULL, PRIMARY KEY (kind, hash)
   );
   CREATE TABLE inputs (hash TEXT PRIMARY KEY, session_id TEXT NOT NULL, json BLOB NOT NULL);
   CREATE INDEX inputs_session ON inputs (session_id);
   CREATE TABLE results (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, scorecard_hash TEXT NOT NULL,
     engine TEXT NOT NULL, input_hash TEXT NOT NULL, sentiment_hash TEXT NOT NULL, judged_at INTEGER NOT NULL,
     json_hash TEXT NOT NULL, json BLOB NOT NULL
   );
   CREATE UNIQUE INDEX results_identity ON results (session_id, scorecard_hash, engine);
   CREATE INDEX results_newest ON results (session_id, seq)`,
];

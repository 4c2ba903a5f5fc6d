/**
 * How an SQLite file gets from each version to the next; `user_version` counts the steps that it has seen. A step is never
 * changed once it has been published. The tables are those of schema.ts; a test compares the two.
 */
export const sqliteSteps: readonly string[] = [
  `CREATE TABLE accounts (
     id TEXT PRIMARY KEY,
     login TEXT NOT NULL,
     name TEXT NOT NULL,
     role TEXT NOT NULL,
     teams TEXT NOT NULL,
     agent_id TEXT,
     may_read_raw INTEGER NOT NULL,
     active INTEGER NOT NULL,
     language TEXT NOT NULL,
     created_at TEXT NOT NULL,
     password_hash TEXT,
     external TEXT,
     failed_logins INTEGER NOT NULL,
     locked_until TEXT
   );
   CREATE UNIQUE INDEX accounts_login ON accounts (login);
   CREATE UNIQUE INDEX accounts_external ON accounts (external);
   CREATE TABLE logins (
     id_hash TEXT PRIMARY KEY,
     account_id TEXT NOT NULL REFERENCES accounts (id),
     csrf TEXT NOT NULL,
     created_at TEXT NOT NULL,
     last_seen_at TEXT NOT NULL,
     expires_at TEXT NOT NULL
   );
   CREATE INDEX logins_account ON logins (account_id);
   CREATE INDEX logins_expires ON logins (expires_at);
   CREATE TABLE tokens (
     id TEXT PRIMARY KEY,
     account_id TEXT NOT NULL REFERENCES accounts (id),
     name TEXT NOT NULL,
     hash TEXT NOT NULL,
     scopes TEXT NOT NULL,
     created_at TEXT NOT NULL,
     expires_at TEXT,
     last_used_at TEXT
   );
   CREATE UNIQUE INDEX tokens_hash ON tokens (hash);
   CREATE INDEX tokens_account ON tokens (account_id);
   CREATE TABLE batches (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     title TEXT NOT NULL,
     team TEXT,
     created_by TEXT NOT NULL,
     created_at TEXT NOT NULL,
     closed_at TEXT,
     finished_at TEXT,
     state TEXT NOT NULL,
     settings TEXT NOT NULL,
     files INTEGER NOT NULL,
     files_done INTEGER NOT NULL,
     files_duplicate INTEGER NOT NULL,
     sessions INTEGER NOT NULL,
     recorded INTEGER NOT NULL,
     dead INTEGER NOT NULL,
     failures INTEGER NOT NULL
   );
   CREATE UNIQUE INDEX batches_id ON batches (id);
   CREATE INDEX batches_team ON batches (team, seq);
   CREATE INDEX batches_state ON batches (state, seq);
   CREATE TABLE batch_files (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     batch_id TEXT NOT NULL REFERENCES batches (id),
     name TEXT NOT NULL,
     sha256 TEXT NOT NULL,
     bytes INTEGER NOT NULL,
     state TEXT NOT NULL,
     duplicate_of TEXT,
     problem TEXT,
     sessions INTEGER NOT NULL,
     created_at TEXT NOT NULL,
     sidecar TEXT,
     forgotten TEXT
   );
   CREATE UNIQUE INDEX batch_files_id ON batch_files (id);
   CREATE INDEX batch_files_batch ON batch_files (batch_id, seq);
   CREATE INDEX batch_files_sha256 ON batch_files (sha256, seq);
   CREATE INDEX batch_files_unread ON batch_files (created_at) WHERE state IN ('stored', 'reading');
   CREATE TABLE failures (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     batch_id TEXT NOT NULL REFERENCES batches (id),
     file_id TEXT,
     session_key TEXT,
     problem TEXT NOT NULL
   );
   CREATE UNIQUE INDEX failures_id ON failures (id);
   CREATE INDEX failures_batch ON failures (batch_id, seq);
   CREATE INDEX failures_file ON failures (file_id);
   CREATE INDEX failures_session ON failures (session_key);
   CREATE TABLE sessions (
     seq INTEGER PRIMARY KEY,
     key TEXT NOT NULL,
     id TEXT NOT NULL,
     batch_id TEXT NOT NULL REFERENCES batches (id),
     file_id TEXT NOT NULL,
     channel TEXT NOT NULL,
     language TEXT NOT NULL,
     agent_id TEXT,
     customer_id TEXT,
     team TEXT,
     other_team TEXT,
     queue TEXT,
     started_at TEXT,
     at INTEGER NOT NULL,
     duration_ms INTEGER,
     state TEXT NOT NULL,
     created_at TEXT NOT NULL,
     recorded_at TEXT,
     scorecard_id TEXT,
     scorecard_version INTEGER,
     scorecard_hash TEXT,
     score REAL,
     score_order REAL NOT NULL,
     passed INTEGER,
     provisional INTEGER NOT NULL,
     auto_fails INTEGER NOT NULL,
     probability REAL,
     risk_order REAL NOT NULL,
     band TEXT,
     reason TEXT,
     recording_sha256 TEXT,
     spoken INTEGER NOT NULL,
     stripped INTEGER NOT NULL,
     held INTEGER NOT NULL
   );
   CREATE UNIQUE INDEX sessions_key ON sessions (key);
   CREATE INDEX sessions_at ON sessions (at, seq, channel, band, passed, state);
   CREATE INDEX sessions_risk ON sessions (risk_order, seq, channel, band, passed, state);
   CREATE INDEX sessions_score ON sessions (score_order, seq, channel, band, passed, state);
   CREATE INDEX sessions_team_at ON sessions (team, at, seq);
   CREATE INDEX sessions_team_risk ON sessions (team, risk_order, seq);
   CREATE INDEX sessions_team_score ON sessions (team, score_order, seq);
   CREATE INDEX sessions_other_team_at ON sessions (other_team, at, seq) WHERE other_team IS NOT NULL;
   CREATE INDEX sessions_other_team_risk ON sessions (other_team, risk_order, seq) WHERE other_team IS NOT NULL;
   CREATE INDEX sessions_other_team_score ON sessions (other_team, score_order, seq) WHERE other_team IS NOT NULL;
   CREATE INDEX sessions_agent_at ON sessions (agent_id, at, seq);
   CREATE INDEX sessions_agent_risk ON sessions (agent_id, risk_order, seq);
   CREATE INDEX sessions_agent_score ON sessions (agent_id, score_order, seq);
   CREATE INDEX sessions_batch_at ON sessions (batch_id, at, seq);
   CREATE INDEX sessions_batch_risk ON sessions (batch_id, risk_order, seq);
   CREATE INDEX sessions_batch_score ON sessions (batch_id, score_order, seq);
   CREATE INDEX sessions_batch_key ON sessions (batch_id, key);
   CREATE INDEX sessions_customer ON sessions (customer_id, at, seq);
   CREATE INDEX sessions_queue ON sessions (queue, at, seq);
   CREATE INDEX sessions_band_at ON sessions (band, at, seq);
   CREATE INDEX sessions_band_risk ON sessions (band, risk_order, seq);
   CREATE INDEX sessions_band_score ON sessions (band, score_order, seq);
   CREATE INDEX sessions_passed_risk ON sessions (passed, risk_order, seq);
   CREATE INDEX sessions_passed_score ON sessions (passed, score_order, seq);
   CREATE INDEX sessions_state ON sessions (state, at, seq);
   CREATE INDEX sessions_scorecard ON sessions (scorecard_id, at, seq);
   CREATE INDEX sessions_id ON sessions (id);
   CREATE INDEX sessions_file ON sessions (file_id);
   CREATE INDEX sessions_waiting ON sessions (key) WHERE state = 'waiting';
   CREATE INDEX sessions_recording ON sessions (recording_sha256) WHERE recording_sha256 IS NOT NULL;
   CREATE INDEX sessions_stripped ON sessions (stripped, at);
   CREATE INDEX sessions_heard ON sessions (at) WHERE recording_sha256 IS NOT NULL;
   CREATE TABLE orders (
     key TEXT PRIMARY KEY REFERENCES sessions (key),
     json BLOB NOT NULL
   );
   CREATE TABLE results (
     key TEXT PRIMARY KEY REFERENCES sessions (key),
     engine TEXT NOT NULL,
     sentiment_hash TEXT NOT NULL,
     input_hash TEXT NOT NULL,
     input BLOB NOT NULL,
     verdicts_hash TEXT NOT NULL,
     verdicts BLOB NOT NULL,
     items TEXT NOT NULL
   );
   CREATE TABLE sums (
     day TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     agent_id TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     sessions INTEGER NOT NULL,
     scored INTEGER NOT NULL,
     passed INTEGER NOT NULL,
     auto_failed INTEGER NOT NULL,
     provisional INTEGER NOT NULL,
     score_millionths INTEGER NOT NULL,
     square_ten_thousandths INTEGER NOT NULL,
     critical INTEGER NOT NULL,
     high INTEGER NOT NULL,
     medium INTEGER NOT NULL,
     low INTEGER NOT NULL,
     PRIMARY KEY (day, team, other_team, agent_id, channel, scorecard_id)
   ) WITHOUT ROWID;
   CREATE INDEX sums_agent ON sums (agent_id, day);
   CREATE TABLE item_sums (
     day TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     item TEXT NOT NULL,
     pass INTEGER NOT NULL,
     fail INTEGER NOT NULL,
     unknown INTEGER NOT NULL,
     na INTEGER NOT NULL,
     cost_millionths INTEGER NOT NULL,
     PRIMARY KEY (day, team, other_team, channel, scorecard_id, item)
   ) WITHOUT ROWID;
   CREATE TABLE agent_item_sums (
     day TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     agent_id TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     item TEXT NOT NULL,
     pass INTEGER NOT NULL,
     fail INTEGER NOT NULL,
     unknown INTEGER NOT NULL,
     na INTEGER NOT NULL,
     cost_millionths INTEGER NOT NULL,
     PRIMARY KEY (agent_id, day, team, other_team, channel, scorecard_id, item)
   ) WITHOUT ROWID;
   CREATE TABLE artefacts (
     sha256 TEXT PRIMARY KEY,
     bytes BLOB NOT NULL
   );
   CREATE TABLE bundles (
     kind TEXT NOT NULL,
     hash TEXT NOT NULL,
     id TEXT NOT NULL,
     version TEXT NOT NULL,
     path TEXT NOT NULL,
     files TEXT NOT NULL,
     PRIMARY KEY (kind, hash)
   );
   CREATE TABLE publications (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     version TEXT NOT NULL,
     hash TEXT NOT NULL,
     published_at TEXT NOT NULL
   );
   CREATE INDEX publications_id ON publications (id, seq);
   CREATE TABLE audit (
     seq INTEGER PRIMARY KEY,
     at TEXT NOT NULL,
     actor TEXT NOT NULL,
     action TEXT NOT NULL,
     target TEXT NOT NULL,
     detail TEXT NOT NULL,
     hash TEXT NOT NULL
   );
   CREATE INDEX audit_actor ON audit (actor, seq);
   CREATE INDEX audit_action ON audit (action, seq);
   CREATE INDEX audit_target ON audit (target, seq);
   CREATE TABLE webhooks (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     url TEXT NOT NULL,
     events TEXT NOT NULL,
     team TEXT,
     active INTEGER NOT NULL,
     created_by TEXT NOT NULL,
     created_at TEXT NOT NULL,
     secret TEXT NOT NULL
   );
   CREATE UNIQUE INDEX webhooks_id ON webhooks (id);
   CREATE TABLE deliveries (
     seq INTEGER PRIMARY KEY,
     id TEXT NOT NULL,
     webhook_id TEXT NOT NULL REFERENCES webhooks (id),
     event TEXT NOT NULL,
     body TEXT NOT NULL,
     state TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     last_status INTEGER,
     last_error TEXT,
     created_at TEXT NOT NULL,
     delivered_at TEXT,
     about TEXT
   );
   CREATE UNIQUE INDEX deliveries_id ON deliveries (id);
   CREATE INDEX deliveries_webhook ON deliveries (webhook_id, seq);
   CREATE INDEX deliveries_about ON deliveries (about);
   CREATE TABLE replies (
     key TEXT NOT NULL,
     account_id TEXT NOT NULL,
     request_hash TEXT NOT NULL,
     status INTEGER,
     body TEXT,
     about TEXT,
     created_at TEXT NOT NULL,
     PRIMARY KEY (account_id, key)
   ) WITHOUT ROWID;
   CREATE INDEX replies_created ON replies (created_at);
   CREATE INDEX replies_about ON replies (about)`,
  // Items into the rows of their groups; the same sums without agents, by month, and both.
  `ALTER TABLE sums ADD COLUMN items TEXT NOT NULL DEFAULT '{}';
   UPDATE sums SET items = packed.items FROM (
     SELECT agent_id, day, team, other_team, channel, scorecard_id, json_group_object(item, json_array(pass, fail, unknown, na, cost_millionths)) AS items
     FROM agent_item_sums WHERE pass <> 0 OR fail <> 0 OR unknown <> 0 OR na <> 0 OR cost_millionths <> 0
     GROUP BY agent_id, day, team, other_team, channel, scorecard_id
   ) AS packed
   WHERE sums.day = packed.day AND sums.team = packed.team AND sums.other_team = packed.other_team
     AND sums.agent_id = packed.agent_id AND sums.channel = packed.channel AND sums.scorecard_id = packed.scorecard_id;
   CREATE TABLE team_sums (
     day TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     sessions INTEGER NOT NULL,
     scored INTEGER NOT NULL,
     passed INTEGER NOT NULL,
     auto_failed INTEGER NOT NULL,
     provisional INTEGER NOT NULL,
     score_millionths INTEGER NOT NULL,
     square_ten_thousandths INTEGER NOT NULL,
     critical INTEGER NOT NULL,
     high INTEGER NOT NULL,
     medium INTEGER NOT NULL,
     low INTEGER NOT NULL,
     items TEXT NOT NULL,
     PRIMARY KEY (day, team, other_team, channel, scorecard_id)
   ) WITHOUT ROWID;
   INSERT INTO team_sums (day, team, other_team, channel, scorecard_id, sessions, scored, passed, auto_failed, provisional, score_millionths, square_ten_thousandths, critical, high, medium, low, items)
   SELECT day, team, other_team, channel, scorecard_id, sessions, scored, passed, auto_failed, provisional, score_millionths, square_ten_thousandths, critical, high, medium, low, coalesce(packed.items, '{}') FROM (
     SELECT day, team, other_team, channel, scorecard_id, sum(sessions) AS sessions, sum(scored) AS scored, sum(passed) AS passed, sum(auto_failed) AS auto_failed, sum(provisional) AS provisional, sum(score_millionths) AS score_millionths, sum(square_ten_thousandths) AS square_ten_thousandths, sum(critical) AS critical, sum(high) AS high, sum(medium) AS medium, sum(low) AS low
     FROM sums GROUP BY day, team, other_team, channel, scorecard_id
   ) AS figures LEFT JOIN (
     SELECT day, team, other_team, channel, scorecard_id, json_group_object(item, json_array(pass, fail, unknown, na, cost_millionths)) AS items
     FROM item_sums WHERE pass <> 0 OR fail <> 0 OR unknown <> 0 OR na <> 0 OR cost_millionths <> 0
     GROUP BY day, team, other_team, channel, scorecard_id
   ) AS packed USING (day, team, other_team, channel, scorecard_id);
   CREATE TABLE month_sums (
     month TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     agent_id TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     sessions INTEGER NOT NULL,
     scored INTEGER NOT NULL,
     passed INTEGER NOT NULL,
     auto_failed INTEGER NOT NULL,
     provisional INTEGER NOT NULL,
     score_millionths INTEGER NOT NULL,
     square_ten_thousandths INTEGER NOT NULL,
     critical INTEGER NOT NULL,
     high INTEGER NOT NULL,
     medium INTEGER NOT NULL,
     low INTEGER NOT NULL,
     PRIMARY KEY (month, team, other_team, agent_id, channel, scorecard_id)
   ) WITHOUT ROWID;
   INSERT INTO month_sums (month, team, other_team, agent_id, channel, scorecard_id, sessions, scored, passed, auto_failed, provisional, score_millionths, square_ten_thousandths, critical, high, medium, low)
   SELECT substr(day, 1, 7) AS month, team, other_team, agent_id, channel, scorecard_id, sum(sessions) AS sessions, sum(scored) AS scored, sum(passed) AS passed, sum(auto_failed) AS auto_failed, sum(provisional) AS provisional, sum(score_millionths) AS score_millionths, sum(square_ten_thousandths) AS square_ten_thousandths, sum(critical) AS critical, sum(high) AS high, sum(medium) AS medium, sum(low) AS low
   FROM sums GROUP BY substr(day, 1, 7), team, other_team, agent_id, channel, scorecard_id;
   CREATE TABLE team_month_sums (
     month TEXT NOT NULL,
     team TEXT NOT NULL,
     other_team TEXT NOT NULL,
     channel TEXT NOT NULL,
     scorecard_id TEXT NOT NULL,
     sessions INTEGER NOT NULL,
     scored INTEGER NOT NULL,
     passed INTEGER NOT NULL,
     auto_failed INTEGER NOT NULL,
     provisional INTEGER NOT NULL,
     score_millionths INTEGER NOT NULL,
     square_ten_thousandths INTEGER NOT NULL,
     critical INTEGER NOT NULL,
     high INTEGER NOT NULL,
     medium INTEGER NOT NULL,
     low INTEGER NOT NULL,
     items TEXT NOT NULL,
     PRIMARY KEY (month, team, other_team, channel, scorecard_id)
   ) WITHOUT ROWID;
   INSERT INTO team_month_sums (month, team, other_team, channel, scorecard_id, sessions, scored, passed, auto_failed, provisional, score_millionths, square_ten_thousandths, critical, high, medium, low, items)
   SELECT month, team, other_team, channel, scorecard_id, sessions, scored, passed, auto_failed, provisional, score_millionths, square_ten_thousandths, critical, high, medium, low, coalesce(packed.items, '{}') FROM (
     SELECT substr(day, 1, 7) AS month, team, other_team, channel, scorecard_id, sum(sessions) AS sessions, sum(scored) AS scored, sum(passed) AS passed, sum(auto_failed) AS auto_failed, sum(provisional) AS provisional, sum(score_millionths) AS score_millionths, sum(square_ten_thousandths) AS square_ten_thousandths, sum(critical) AS critical, sum(high) AS high, sum(medium) AS medium, sum(low) AS low
     FROM sums GROUP BY substr(day, 1, 7), team, other_team, channel, scorecard_id
   ) AS figures LEFT JOIN (
     SELECT month, team, other_team, channel, scorecard_id, json_group_object(item, json_array(pass, fail, unknown, na, cost_millionths)) AS items FROM (
       SELECT substr(day, 1, 7) AS month, team, other_team, channel, scorecard_id, item, sum(pass) AS pass, sum(fail) AS fail, sum(unknown) AS unknown, sum(na) AS na, sum(cost_millionths) AS cost_millionths
       FROM item_sums GROUP BY substr(day, 1, 7), team, other_team, channel, scorecard_id, item
     ) AS added WHERE pass <> 0 OR fail <> 0 OR unknown <> 0 OR na <> 0 OR cost_millionths <> 0
     GROUP BY month, team, other_team, channel, scorecard_id
   ) AS packed USING (month, team, other_team, channel, scorecard_id);
   DROP TABLE item_sums;
   DROP TABLE agent_item_sums`,
];

import type { Migration } from '../port.ts'

/** What tenants have connected, and who works on what. */
export const connections: Migration = {
  version: 2,
  name: 'connections of tenants, locks',
  sql: `
CREATE TABLE stratum.connections (
  tenant_id text NOT NULL REFERENCES stratum.tenants,
  name text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  source text NOT NULL CHECK (source <> ''),
  -- Settings that may be shown; the secret ones are sealed, and so are the tokens that a platform renews.
  config jsonb NOT NULL CHECK (jsonb_typeof(config) = 'object'),
  secrets text NOT NULL,
  tokens text,
  schedule text NOT NULL,
  timezone text NOT NULL DEFAULT 'UTC',
  is_paused boolean NOT NULL DEFAULT false,
  -- Null: only when somebody asks for it, or it waits for somebody.
  next_run_at stratum.micros,
  -- The run that is under way, or the last one.
  status text NOT NULL DEFAULT 'NEW' CHECK (status IN ('NEW', 'RUNNING', 'OK', 'FAILED', 'BLOCKED')),
  started_at stratum.micros,
  ended_at stratum.micros,
  records stratum.micros,
  dead_letters stratum.micros,
  error text,
  failures integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  created_at stratum.micros NOT NULL,
  updated_at stratum.micros NOT NULL,
  PRIMARY KEY (tenant_id, name)
);
CREATE INDEX connections_due ON stratum.connections (next_run_at) WHERE NOT is_paused;
CALL stratum.part_by_tenant('stratum.connections');
-- A tenant changes its secrets and never reads them.
GRANT SELECT (tenant_id, name, source, config, schedule, timezone, is_paused, next_run_at, status, started_at,
  ended_at, records, dead_letters, error, failures, version, created_at, updated_at)
  ON stratum.connections TO stratum_app;
GRANT INSERT, DELETE ON stratum.connections TO stratum_app;
GRANT UPDATE (config, secrets, tokens, schedule, timezone, is_paused, next_run_at, status, error, failures, version,
  updated_at) ON stratum.connections TO stratum_app;

-- Who works on what until when, by the clock of this server; of no tenant.
CREATE TABLE stratum.locks (
  name text PRIMARY KEY,
  owner text NOT NULL,
  until stratum.micros NOT NULL
);
ALTER TABLE stratum.locks ENABLE ROW LEVEL SECURITY;
ALTER TABLE stratum.locks FORCE ROW LEVEL SECURITY;
CREATE POLICY everything ON stratum.locks TO stratum_system USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON stratum.locks TO stratum_system;
`,
}

import type { Migration } from '../port.ts'

/** Tenants, who may do what in them, what they have set, and their keys to the API. */
export const tenants: Migration = {
  version: 1,
  name: 'tenants, users, memberships, settings, keys to the API',
  sql: `
-- UTC microseconds of a time, millionths of a currency: what a double holds exactly.
CREATE DOMAIN stratum.micros AS bigint CHECK (VALUE BETWEEN -9007199254740991 AND 9007199254740991);

-- The tenant of a transaction; null, which equals nothing, where there is none.
CREATE FUNCTION stratum.tenant() RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT nullif(current_setting('stratum.tenant', true), '') $$;

-- Of a table with tenant_id each tenant gets its own rows. Every later table of that kind goes through it.
CREATE PROCEDURE stratum.part_by_tenant(wanted regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wanted);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wanted);
  EXECUTE format('CREATE POLICY own ON %s TO stratum_app USING (tenant_id = stratum.tenant())', wanted);
  EXECUTE format('CREATE POLICY everything ON %s TO stratum_system USING (true)', wanted);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO stratum_system', wanted);
END $$;

CREATE TABLE stratum.tenants (
  tenant_id text PRIMARY KEY CHECK (tenant_id ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$'),
  name text NOT NULL CHECK (name <> ''),
  plan text NOT NULL CHECK (plan IN ('STANDARD', 'PROFESSIONAL', 'ENTERPRISE')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  timezone text NOT NULL DEFAULT 'UTC' CHECK (timezone <> ''),
  features jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(features) = 'object'),
  -- Counts changes, for who must not overwrite one that he has not seen.
  version integer NOT NULL DEFAULT 1,
  created_at stratum.micros NOT NULL,
  updated_at stratum.micros NOT NULL,
  -- From then on it is gone for all but who purges it.
  deleted_at stratum.micros
);
CALL stratum.part_by_tenant('stratum.tenants');
GRANT SELECT, UPDATE (name, currency, timezone, features, version, updated_at) ON stratum.tenants TO stratum_app;

-- A person, in any number of tenants. A tenant sees who is a member and changes nothing of it.
CREATE TABLE stratum.users (
  user_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  email text NOT NULL CHECK (email = lower(email) AND email LIKE '%_@_%'),
  email_verified_at stratum.micros,
  name text NOT NULL DEFAULT '',
  -- argon2id in its own notation; null until an invitation is accepted.
  password_hash text,
  platform_role text CHECK (platform_role = 'SUPERADMIN'),
  preferences jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(preferences) = 'object'),
  last_login_at stratum.micros,
  version integer NOT NULL DEFAULT 1,
  created_at stratum.micros NOT NULL,
  updated_at stratum.micros NOT NULL,
  CONSTRAINT users_email UNIQUE (email)
);

CREATE TABLE stratum.memberships (
  tenant_id text NOT NULL REFERENCES stratum.tenants,
  user_id uuid NOT NULL REFERENCES stratum.users,
  role text NOT NULL CHECK (role IN ('VIEWER', 'ANALYST', 'MANAGER', 'ADMIN')),
  is_active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_at stratum.micros NOT NULL,
  updated_at stratum.micros NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX memberships_user ON stratum.memberships (user_id);
CALL stratum.part_by_tenant('stratum.memberships');
GRANT SELECT, INSERT, UPDATE, DELETE ON stratum.memberships TO stratum_app;

ALTER TABLE stratum.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE stratum.users FORCE ROW LEVEL SECURITY;
CREATE POLICY members ON stratum.users FOR SELECT TO stratum_app
  USING (EXISTS (SELECT FROM stratum.memberships m
                 WHERE m.user_id = users.user_id AND m.tenant_id = stratum.tenant()));
CREATE POLICY everything ON stratum.users TO stratum_system USING (true);
GRANT SELECT (user_id, email, email_verified_at, name, preferences, last_login_at, version, created_at, updated_at)
  ON stratum.users TO stratum_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON stratum.users TO stratum_system;

-- What a tenant has set, by section: every version stays, the highest is in force. Two that change the same
-- version collide on the key.
CREATE TABLE stratum.settings (
  tenant_id text NOT NULL REFERENCES stratum.tenants,
  section text NOT NULL CHECK (section ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  version integer NOT NULL CHECK (version > 0),
  value jsonb NOT NULL,
  changed_at stratum.micros NOT NULL,
  changed_by uuid REFERENCES stratum.users,
  PRIMARY KEY (tenant_id, section, version)
);
CALL stratum.part_by_tenant('stratum.settings');
GRANT SELECT, INSERT ON stratum.settings TO stratum_app;

CREATE TABLE stratum.api_keys (
  key_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id text NOT NULL REFERENCES stratum.tenants,
  name text NOT NULL,
  -- The first letters, to know it again by; the key itself is shown once and kept nowhere.
  prefix text NOT NULL,
  -- SHA-256 of the key: long and random, so that nothing slower is needed.
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  scopes text[] NOT NULL,
  created_at stratum.micros NOT NULL,
  created_by uuid REFERENCES stratum.users,
  last_used_at stratum.micros,
  revoked_at stratum.micros,
  CONSTRAINT api_keys_hash UNIQUE (hash)
);
CREATE INDEX api_keys_tenant ON stratum.api_keys (tenant_id);
CALL stratum.part_by_tenant('stratum.api_keys');
GRANT SELECT, INSERT, UPDATE (name, last_used_at, revoked_at) ON stratum.api_keys TO stratum_app;
`,
}

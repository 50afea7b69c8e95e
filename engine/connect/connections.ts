import { redact, secretPaths } from '../config/index.ts'
import { StratumError } from '../errors.ts'
import type { JsonSchema, SourceConfig } from '../source/port.ts'
import type { Catalogue, Param, Row } from '../store/catalogue/port.ts'
import type { Vault } from './vault.ts'

export type ConnectionStatus = 'NEW' | 'RUNNING' | 'OK' | 'FAILED' | 'BLOCKED'

/** A connector as a tenant has set it up. Times are UTC microseconds. */
export interface Connection {
  readonly tenant: string
  /** Of the tenant's own choice: `meta-eu`. */
  readonly name: string
  readonly source: string
  /** Without its secrets. */
  readonly config: SourceConfig
  readonly schedule: string
  readonly timezone: string
  readonly isPaused: boolean
  readonly nextRunAt: number | null
  /** BLOCKED: it waits for somebody, since trying again would not help. */
  readonly status: ConnectionStatus
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** Of the last run that ended. */
  readonly records: number | null
  readonly deadLetters: number | null
  readonly error: string | null
  /** Runs in a row that have failed. */
  readonly failures: number
}

export interface NewConnection {
  readonly tenant: string
  readonly name: string
  readonly source: string
  /** Whole, secrets included. */
  readonly config: SourceConfig
  readonly schedule: string
  readonly timezone: string
  readonly nextRunAt: number | null
}

/** How a run has ended. */
export interface Ended {
  readonly status: Exclude<ConnectionStatus, 'NEW' | 'RUNNING'>
  readonly records: number | null
  readonly deadLetters: number | null
  readonly error: string | null
  readonly nextRunAt: number | null
}

const COLUMNS = `tenant_id, name, source, config, schedule, timezone, is_paused, next_run_at, status, started_at,
  ended_at, records, dead_letters, error, failures`

/** What telling a connection anew changes. */
const TOLD = [
  ...['config', 'secrets', 'tokens', 'schedule', 'timezone'],
  ...['next_run_at', 'failures', 'error', 'status'],
] as const

/** `tenant/source/name`: what its cursors in the log belong to. */
export const logName = ({ tenant, source, name }: Pick<Connection, 'tenant' | 'source' | 'name'>): string =>
  `${tenant}/${source}/${name}`

/** The connections of all tenants, in the catalogue. Secrets are sealed there, and nowhere else. */
export class Connections {
  readonly #catalogue: Catalogue
  readonly #vault: Vault
  readonly #now: () => number

  constructor(catalogue: Catalogue, vault: Vault, now: () => number) {
    this.#catalogue = catalogue
    this.#vault = vault
    this.#now = now
  }

  /** @throws StratumError USAGE: the name is taken; CONFIG_INVALID: there are secrets and no key to seal them */
  async add(made: NewConnection, spec: JsonSchema): Promise<void> {
    const { tenant, name, source, config, schedule, timezone, nextRunAt } = made
    const { open, secret } = parted(config, spec)
    const sealed = this.#sealSecrets(secret, tenant, name)
    const now = this.#now()
    // A tenant begins with what it connects; its own settings come with the API.
    await this.#catalogue.query(
      'system',
      `INSERT INTO tenants (tenant_id, name, plan, currency, created_at, updated_at)
       VALUES ($1, $1, 'STANDARD', 'USD', $2, $2) ON CONFLICT DO NOTHING`,
      [tenant, now],
    )
    const added = await this.#catalogue.query(
      { tenant },
      `INSERT INTO connections
         (tenant_id, name, source, config, secrets, schedule, timezone, next_run_at, created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT DO NOTHING RETURNING name`,
      [tenant, name, source, JSON.stringify(open), sealed, schedule, timezone, nextRunAt, now],
    )
    if (added.length === 0)
      throw new StratumError(
        'USAGE',
        `${tenant} has a connection ${name} already: choose another name, or remove that one first`,
      )
  }

  /**
   * Adds it, or tells one that is there anew what to connect with: what it has read stays read, a pause stays a pause,
   * and tokens that came of its credentials before are forgotten.
   *
   * @throws StratumError as `add`; USAGE: one of this name reads with another connector
   */
  async put(made: NewConnection, spec: JsonSchema): Promise<void> {
    const { tenant, name, source, config, schedule, timezone, nextRunAt } = made
    const known = (await this.list(tenant)).find(other => other.name === name)
    if (!known) return this.add(made, spec)
    if (known.source !== source)
      throw new StratumError(
        'USAGE',
        `${tenant} has a connection ${name} that reads ${known.source}, where one of ${source} is to be: remove it first`,
      )
    const { open, secret } = parted(config, spec)
    await this.#catalogue.query(
      { tenant },
      `UPDATE connections SET config = $3, secrets = $4, tokens = NULL, schedule = $5, timezone = $6,
         next_run_at = CASE WHEN is_paused THEN NULL ELSE $7::bigint END, failures = 0, error = NULL,
         status = CASE WHEN status = 'OK' THEN status ELSE 'NEW' END, version = version + 1, updated_at = $8
       WHERE tenant_id = $1 AND name = $2`,
      [
        ...[tenant, name, JSON.stringify(open), this.#sealSecrets(secret, tenant, name)],
        ...[schedule, timezone, nextRunAt, this.#now()],
      ],
    )
  }

  /** All that it is told and how it stands, sealed as it lies there: for `tellAgain`. */
  async told(tenant: string, name: string): Promise<Row> {
    const [row] = await this.#catalogue.query(
      'system',
      `SELECT ${TOLD.join(', ')} FROM connections WHERE tenant_id = $1 AND name = $2`,
      [tenant, name],
    )
    return row!
  }

  /** Takes back what it was told since. */
  async tellAgain(tenant: string, name: string, told: Row): Promise<void> {
    const set = TOLD.map((column, i) => `${column} = $${i + 3}`).join(', ')
    const values = TOLD.map(column =>
      column === 'config' ? JSON.stringify(told[column]) : (told[column] as Param),
    )
    await this.#catalogue.query(
      'system',
      `UPDATE connections SET ${set}, version = version + 1 WHERE tenant_id = $1 AND name = $2`,
      [tenant, name, ...values],
    )
  }

  /** Of one tenant, or of all. */
  async list(tenant: string | null): Promise<Connection[]> {
    const rows = await this.#catalogue.query(
      tenant === null ? 'system' : { tenant },
      `SELECT ${COLUMNS} FROM connections ORDER BY tenant_id, name`,
    )
    return rows.map(fromRow)
  }

  /** @throws StratumError NOT_FOUND */
  async get(tenant: string, name: string): Promise<Connection> {
    const [row] = await this.#catalogue.query(
      { tenant },
      `SELECT ${COLUMNS} FROM connections WHERE tenant_id = $1 AND name = $2`,
      [tenant, name],
    )
    if (row) return fromRow(row)
    throw new StratumError(
      'NOT_FOUND',
      `${tenant} has no connection ${name}: \`stratum connections list --tenant ${tenant}\` shows what there is`,
    )
  }

  /** The whole configuration. @throws StratumError CONFIG_INVALID: the key is missing */
  async config({ tenant, name, config }: Connection): Promise<SourceConfig> {
    const [row] = await this.#catalogue.query<{ secrets: string }>(
      'system',
      'SELECT secrets FROM connections WHERE tenant_id = $1 AND name = $2',
      [tenant, name],
    )
    const secret =
      row && row.secrets !== '' ? this.#vault.open(row.secrets, place(tenant, name, 'secrets')) : '{}'
    return { ...config, ...(JSON.parse(secret) as SourceConfig) }
  }

  /** Whether it was otherwise before. Going on also takes a block away: it is tried at once. */
  async setPaused(
    tenant: string,
    name: string,
    isPaused: boolean,
    nextRunAt: number | null,
  ): Promise<boolean> {
    const before = await this.get(tenant, name)
    const changes = before.isPaused !== isPaused || (!isPaused && before.status === 'BLOCKED')
    if (!changes) return false
    await this.#catalogue.query(
      { tenant },
      `UPDATE connections SET is_paused = $3, next_run_at = $4, failures = 0, version = version + 1, updated_at = $5,
         status = CASE WHEN status = 'BLOCKED' AND NOT $3 THEN 'NEW' ELSE status END
       WHERE tenant_id = $1 AND name = $2`,
      [tenant, name, isPaused, nextRunAt, this.#now()],
    )
    return true
  }

  /** @throws StratumError NOT_FOUND */
  async remove(tenant: string, name: string): Promise<void> {
    await this.get(tenant, name)
    await this.#catalogue.query({ tenant }, 'DELETE FROM connections WHERE tenant_id = $1 AND name = $2', [
      tenant,
      name,
    ])
  }

  /** It is due now. @throws StratumError NOT_FOUND */
  async callFor(tenant: string, name: string): Promise<void> {
    await this.get(tenant, name)
    await this.#catalogue.query(
      { tenant },
      'UPDATE connections SET next_run_at = $3 WHERE tenant_id = $1 AND name = $2',
      [tenant, name, this.#now()],
    )
  }

  /** It is due no more until somebody calls for it, resumes it or tells it anew. @throws StratumError NOT_FOUND */
  async rest(tenant: string, name: string): Promise<void> {
    await this.get(tenant, name)
    await this.#catalogue.query(
      { tenant },
      'UPDATE connections SET next_run_at = NULL WHERE tenant_id = $1 AND name = $2',
      [tenant, name],
    )
  }

  /** What is due, the longest first. */
  async due(limit: number): Promise<Connection[]> {
    const rows = await this.#catalogue.query(
      'system',
      `SELECT ${COLUMNS} FROM connections WHERE NOT is_paused AND next_run_at <= $1 ORDER BY next_run_at LIMIT $2`,
      [this.#now(), limit],
    )
    return rows.map(fromRow)
  }

  async begun({ tenant, name }: Connection): Promise<void> {
    await this.#catalogue.query(
      'system',
      `UPDATE connections SET status = 'RUNNING', started_at = $3 WHERE tenant_id = $1 AND name = $2`,
      [tenant, name, this.#now()],
    )
  }

  /** A run that was called for while this one went on stays called for. */
  async ended({ tenant, name }: Connection, began: number, end: Ended): Promise<void> {
    const { status, records, deadLetters, error, nextRunAt } = end
    await this.#catalogue.query(
      'system',
      `UPDATE connections SET status = $3, ended_at = $4, records = $5, dead_letters = $6, error = $7,
         failures = CASE WHEN $3 = 'OK' THEN 0 ELSE failures + 1 END,
         next_run_at = CASE WHEN next_run_at > $9 THEN next_run_at ELSE $8 END
       WHERE tenant_id = $1 AND name = $2`,
      [tenant, name, status, this.#now(), records, deadLetters, error, nextRunAt, began],
    )
  }

  /** Seals everything anew that another key than the first has sealed; how many connections that were. */
  async rekey(): Promise<number> {
    const rows = await this.#catalogue.query<{ tenant_id: string; name: string }>(
      'system',
      'SELECT tenant_id, name FROM connections',
    )
    let changed = 0
    for (const { tenant_id: tenant, name } of rows) if (await this.#rekeyOne(tenant, name)) changed++
    return changed
  }

  #rekeyOne(tenant: string, name: string): Promise<boolean> {
    return this.#catalogue.transaction('system', async session => {
      const [row] = await session.query<{ secrets: string; tokens: string | null }>(
        'SELECT secrets, tokens FROM connections WHERE tenant_id = $1 AND name = $2 FOR UPDATE',
        [tenant, name],
      )
      if (!row) return false
      const anew = (sealed: string, what: 'secrets' | 'tokens') => {
        const at = place(tenant, name, what)
        return this.#vault.isOld(sealed) ? this.#vault.seal(this.#vault.open(sealed, at), at) : sealed
      }
      const secrets = row.secrets === '' ? '' : anew(row.secrets, 'secrets')
      const tokens = row.tokens === null ? null : anew(row.tokens, 'tokens')
      if (secrets === row.secrets && tokens === row.tokens) return false
      await session.query(
        'UPDATE connections SET secrets = $3, tokens = $4 WHERE tenant_id = $1 AND name = $2',
        [tenant, name, secrets, tokens],
      )
      return true
    })
  }

  /** Without secrets nothing has to be sealed, and no key is asked for. */
  #sealSecrets(secret: object, tenant: string, name: string): string {
    if (Object.keys(secret).length === 0) return ''
    return this.#vault.seal(JSON.stringify(secret), place(tenant, name, 'secrets'))
  }
}

export const place = (tenant: string, name: string, what: 'secrets' | 'tokens'): string =>
  `connections/${tenant}/${name}/${what}`

/** What may be shown of a configuration, and what may not: by its schema, top level settings whole. */
function parted(config: SourceConfig, spec: JsonSchema): { open: SourceConfig; secret: SourceConfig } {
  const names = new Set(secretPaths(spec).map(path => path.split('/')[1]!))
  const of = (wanted: boolean) =>
    Object.fromEntries(Object.entries(config).filter(([name]) => names.has(name) === wanted))
  return { open: of(false), secret: of(true) }
}

function fromRow(row: Row): Connection {
  return {
    tenant: row.tenant_id as string,
    name: row.name as string,
    source: row.source as string,
    config: row.config as SourceConfig,
    schedule: row.schedule as string,
    timezone: row.timezone as string,
    isPaused: row.is_paused as boolean,
    nextRunAt: row.next_run_at as number | null,
    status: row.status as ConnectionStatus,
    startedAt: row.started_at as number | null,
    endedAt: row.ended_at as number | null,
    records: row.records as number | null,
    deadLetters: row.dead_letters as number | null,
    error: row.error as string | null,
    failures: row.failures as number,
  }
}

/** A configuration as it may be shown. */
export const shown = (config: SourceConfig, spec: JsonSchema): unknown => redact(config, spec)

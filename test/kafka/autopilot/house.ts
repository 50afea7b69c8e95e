import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { MetaSimulator } from '../../../connectors/meta/simulator/index.ts'
import { type Command, commandKind } from '../../../engine/command/command.ts'
import { type Ask, post, send } from '../../../engine/command/send.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import { openStores, type Stores } from '../../../engine/runtime/stores.ts'
import { FaultProxy } from '../../../engine/source/conformance/proxy/proxy.ts'
import { withOrigin } from '../../../engine/source/conformance/proxy/rewrite.ts'
import type { ActionRecord } from '../../../pipelines/autopilot/kinds.ts'
import { plainWorld } from '../../../plugins/simulator/world/plain.ts'
import { app } from '../../../stratum.ts'
import { GATE, GOOD, withGate } from '../../pipelines/autopilot/gate.ts'
import { engineOptions, standard } from '../../support/engine.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { ended, lines, type Running, start } from '../../support/program.ts'

const PROGRAM = fileURLToPath(new URL('program.js', import.meta.url))
const GROUPS = 2
const WAIT_MS = 60_000
export const TENANT = 'acme'

/** What an action is on: an object of the simulated platform. */
export interface Chosen {
  readonly id: string
  readonly entity: string
}

/** The program over Kafka as one process, which can be killed; a simulated Meta behind a proxy; and whoever asks. */
export class House {
  /** Of the platform and of the program, which is told when it starts. UTC microseconds. */
  readonly clock: { at: number }
  readonly meta: MetaSimulator
  readonly proxy: FaultProxy
  readonly #cwd: string
  readonly #env: Readonly<Record<string, string>>
  readonly #stores: Stores
  #child: Running | null = null
  #said: string[] = []

  private constructor(meta: MetaSimulator, proxy: FaultProxy, stores: Stores, of: Of) {
    this.meta = meta
    this.proxy = proxy
    this.#stores = stores
    this.clock = of.clock
    this.#cwd = of.cwd
    this.#env = of.env
  }

  static async open(t: Test, bootstrap: string): Promise<House> {
    const clock = { at: Date.parse('2026-04-15T09:30:00Z') * 1000 }
    const now = () => clock.at
    const world = plainWorld({ seed: 3, firstDay: '2026-04-12', zone: 'UTC', campaigns: 8 })
    const meta = await MetaSimulator.start({
      world,
      now,
      writeDelayMs: 0,
      jobs: { unseenMs: 0, readyMs: 10 },
    })
    const proxy = await FaultProxy.start(new URL(new URL(meta.url).origin))
    const cwd = temporaryFolder(t)
    const stores = await openStores(
      withGate(app(standard)),
      engineOptions(join(cwd, 'desk'), {
        clock: now,
        kafka: {
          connection: { brokers: [bootstrap] },
          ...{ groups: GROUPS, replication: 1, minInsync: 1, commitMs: 20, compression: 'none' },
        },
      }),
    )
    const env = {
      STRATUM_KAFKA__BROKERS: bootstrap,
      STRATUM_KAFKA__GROUPS: String(GROUPS),
      STRATUM_KAFKA__COMMIT_MS: '20',
      STRATUM_KAFKA__SESSION_MS: '6000',
      STRATUM_SECRETS__KEYS: randomBytes(32).toString('base64'),
      STRATUM_SECRETS__SIGNING_KEYS: randomBytes(32).toString('base64'),
    }
    const house = new House(meta, proxy, stores, { clock, cwd, env })
    t.teardown(async () => {
      await house.kill()
      await stores.close()
      await proxy.close()
      await meta.close()
    })
    return house
  }

  /** Runs a command of the program to its end. */
  async stratum(...args: readonly string[]): Promise<void> {
    const { code, err } = await ended(this.#begin([...args, '--data', 'data']))
    if (code !== 0) throw new Error(`${args.join(' ')}: ${err}`)
  }

  /** The tenant connects the platform, by way of the proxy. */
  async connect(): Promise<void> {
    const config = { ...this.meta.config(), history_days: 1 }
    const told = withOrigin(config, new URL(this.meta.url).origin, this.proxy.origin)
    writeFileSync(join(this.#cwd, 'meta.json'), JSON.stringify(told))
    const how = ['--schedule', 'manual', '--no-check', '--settings', 'meta.json', '--tenant', TENANT]
    await this.stratum('connections', 'add', 'meta', ...how)
  }

  /** Starts it, with its clock standing at `clock`, and with open gates. */
  async start(): Promise<void> {
    const child = this.#begin(['start', '--kafka', '--port', '0', '--data', 'data'])
    this.#child = child
    this.#said = []
    void (async () => {
      for await (const line of lines(child.stderr)) this.#said.push(line)
    })()
    for await (const line of lines(child.stdout))
      if (line.startsWith('ready')) {
        await this.open()
        return
      }
    throw new Error(`it does not start: ${this.#said.slice(-5).join('\n')}`)
  }

  /** The gates of all platforms. */
  open(): Promise<unknown> {
    return this.ask(GATE, GOOD)
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  signal(signal: NodeJS.Signals): void {
    this.#child!.kill(signal)
  }

  /** Minutes go by: leases end. */
  pass(minutes: number): void {
    this.clock.at += minutes * 60_000_000
  }

  /** A person's command and its answer. */
  async ask(command: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
    const answer = await send(this.#stores, this.#asked(command, body), AbortSignal.timeout(WAIT_MS))
    if (!answer.accepted) throw new Error(`${command}: ${answer.code}: ${answer.message}`)
    return JSON.parse(answer.body) as Readonly<Record<string, unknown>>
  }

  /** A command that waits for no answer. */
  post(command: string, body: unknown): Promise<string> {
    return post(this.#stores, this.#asked(command, body))
  }

  /** So many commands that nobody waits for, at once: a backlog of the fold. */
  async backlog(n: number): Promise<void> {
    const { log, codec, layout } = this.#stores
    const now = this.clock.at
    const topic = 'stratum.facts'
    const records = Array.from({ length: n }, (_, i) => {
      const { tenant: tenant_id, body, ...said } = this.#asked('autopilot.status', {})
      const base = { tenant_id, event_id: `backlog ${i}`, event_time: now, ingest_time: now }
      const command = { ...base, ...said, body: JSON.stringify(body) } as Command
      return { key: Buffer.from(tenant_id), value: codec.encode(commandKind, command), time: now }
    })
    const writer = await log.writer('backlog')
    const partition = partitionOf(TENANT, layout.partitions(topic))
    await writer.commit({ appends: [{ topic, partition, records }] })
    await writer.close()
  }

  /** Queued, and approved by a person. @returns the id of the action */
  async pause({ entity }: Chosen): Promise<string> {
    const id = await this.queue(entity, 'CAMPAIGN_PAUSE')
    await this.ask('autopilot.approve', { action_id: id })
    return id
  }

  async queue(entity: string, action: string, to?: number): Promise<string> {
    const { action_id } = await this.ask('autopilot.queue', { entity, action, ...(to && { to }) })
    return String(action_id)
  }

  /** Active campaigns that have a budget of their own. */
  campaigns(): Chosen[] {
    const { store } = this.meta
    const [account] = store.accounts
    return [...store.level(account!, 'campaign')]
      .filter(node => store.before(node).status === 'ACTIVE' && (store.before(node).daily_budget ?? 0) > 0)
      .map(({ id }) => ({ id, entity: `meta:${account!.id}:${id}` }))
  }

  /** How often the platform was asked to change it: also what changes nothing. */
  writes({ id }: Chosen): number {
    return this.proxy.seen.filter(({ method, path }) => method === 'POST' && isOf(path, id)).length
  }

  /** Records of an action, in their order, once there is one that is wanted. */
  async records(id: string, wanted: (record: ActionRecord) => boolean): Promise<ActionRecord[]> {
    const { log, codec, layout } = this.#stores
    const topic = 'stratum.actions'
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await sleep(100)) {
      const found: ActionRecord[] = []
      for (let partition = 0; partition < layout.partitions(topic); partition++) {
        const { end } = await log.bounds(topic, partition)
        const reader = codec.reader()
        for (let at = 0; at < end; ) {
          const batch = await log.read(topic, partition, at)
          if (!batch) break
          await reader.ready(batch.records)
          for (const { value } of batch.records) {
            const record = value && reader.decode(value)
            if (record?.kind === 'action' && record.value.action_id === id)
              found.push(record.value as unknown as ActionRecord)
          }
          at = batch.next
        }
      }
      if (found.some(wanted)) return found
    }
    throw new Error(`${id} does not come to that: ${this.#said.slice(-10).join('\n')}`)
  }

  /**
   * Calls `then` once, at the first request of an object after which `when` holds, and lets no answer to it through
   * where `then` says so.
   */
  at({ id }: Chosen, when: (method: string) => boolean, what: () => 'silent' | 'answered'): Promise<void> {
    return new Promise(resolve => {
      this.proxy.spoil(() => {
        const { method, path } = this.proxy.seen.at(-1)!
        if (!isOf(path, id) || !when(method)) return null
        this.proxy.spoil(null)
        const how = what()
        resolve()
        return how === 'silent' ? { kind: 'silent' } : null
      })
    })
  }

  #asked(command: string, body: unknown): Ask {
    return { tenant: TENANT, command, actor: 'anna', role: 'ADMIN', reason: 'a person says so', body }
  }

  #begin(args: readonly string[]): Running {
    const env = { ...this.#env, STRATUM_CLOCK__FIXED: new Date(this.clock.at / 1000).toISOString() }
    return start(args, { cwd: this.#cwd, env, program: PROGRAM })
  }
}

interface Of {
  readonly clock: { at: number }
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** Whether a request is of that object itself: `/v26.0/ID`. */
const isOf = (path: string, id: string): boolean => new URL(path, 'http://x').pathname.endsWith(`/${id}`)

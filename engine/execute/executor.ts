import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandResult } from '../command/command.ts'
import type { Ask } from '../command/send.ts'
import { messageOf } from '../errors.ts'
import { type ActionView, accountOf, isFree, isRollback, maySettle } from './action.ts'
import type { Approved } from './approved.ts'
import { type Attempted, attempt } from './attempt.ts'
import type { Clocks } from './deadline.ts'
import type { KillSwitchWatch } from './kill-switch.ts'
import type { SignedPermit, Verifier } from './permit.ts'
import type { PlaceOf } from './places.ts'
import { Waits } from './waits.ts'

/** Sends a command to the fold and gives its answer: `send` of engine/command. */
export type Commander = (ask: Ask, signal: AbortSignal) => Promise<CommandResult>

export interface ExecutorOptions {
  /** Who takes leases: of one process, once. */
  readonly holder: string
  readonly approved: Pick<Approved, 'refresh' | 'all' | 'wait'>
  readonly killSwitch: Pick<KillSwitchWatch, 'engaged' | 'look'>
  readonly placeOf: PlaceOf
  readonly command: Commander
  readonly verifier: Verifier
  readonly clocks: Clocks
  /** Actions at once in this process (4). */
  readonly concurrency?: number
  /** How often it looks where nothing comes. Milliseconds (1000). */
  readonly pollMs?: number
  tell(event: ExecutorEvent): void
}

export type ExecutorEvent =
  | { readonly what: 'refused'; readonly action: ActionView; readonly code: string; readonly message: string }
  | { readonly what: 'unconnected'; readonly action: ActionView }
  | {
      readonly what: 'ended'
      readonly action: ActionView
      readonly said: Attempted
      readonly seconds: number
    }
  /** A permit that is not what it should be: somebody else has answered, or a key is wrong. */
  | { readonly what: 'forged'; readonly action: ActionView; readonly message: string }
  | { readonly what: 'trouble'; readonly error: unknown }

const ROLE = 'EXECUTOR'
/** A tenant may connect an account at any time. Milliseconds. */
const UNCONNECTED_MS = 60_000
/** Between two tries to tell what came of an action. Milliseconds. */
const TELL_AGAIN_MS = 1_000
/** One that stops lets what is being written end, and then cuts it off: reading settles it. Milliseconds. */
const LAST_MS = 10_000

/**
 * Carries out approved actions: takes a lease of the fold, uses the permit once, tells what came of it. Any number of
 * processes may have one; the fold's lease decides who writes, and one that ends without a word is settled by reading.
 */
export class Executor {
  readonly #o: ExecutorOptions
  readonly #waits: Waits
  readonly #stopping = new AbortController()
  readonly #cut = new AbortController()
  readonly #running = new Map<string, { readonly account: string; readonly done: Promise<void> }>()
  /** Said once, until it is there. */
  readonly #unconnected = new Set<string>()
  #loop: Promise<void> = Promise.resolve()
  #wake: () => void = () => {}

  constructor(options: ExecutorOptions) {
    this.#o = options
    this.#waits = new Waits(options.clocks.steady)
  }

  start(): void {
    this.#loop = this.#run()
  }

  /** Begins nothing more and lets what is being written end and be told. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#loop
    const cut = setTimeout(() => this.#cut.abort(), LAST_MS)
    await Promise.all([...this.#running.values()].map(({ done }) => done))
    clearTimeout(cut)
  }

  async #run(): Promise<void> {
    const { approved, pollMs = 1_000, tell } = this.#o
    const { signal } = this.#stopping
    while (!signal.aborted) {
      try {
        await approved.refresh()
        this.#begin()
      } catch (error) {
        tell({ what: 'trouble', error })
      }
      const woken = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      const over = new AbortController()
      await Promise.race([woken, approved.wait(pollMs, AbortSignal.any([signal, over.signal]))])
      over.abort()
    }
  }

  #begin(): void {
    const { approved, concurrency = 4 } = this.#o
    const all = [...approved.all()]
    this.#waits.prune(new Set(all.map(({ action_id }) => action_id)))
    for (const action of all) {
      if (this.#running.size >= concurrency) return
      if (!this.#mayBegin(action)) continue
      const done = this.#work(action)
        .catch(error => {
          this.#waits.put(action.action_id)
          this.#o.tell({ what: 'trouble', error })
        })
        .finally(() => {
          this.#running.delete(action.action_id)
          this.#wake()
        })
      this.#running.set(action.action_id, { account: accountOf(action), done })
    }
  }

  /** What would be refused is not asked for; the fold has the last word. */
  #mayBegin(action: ActionView): boolean {
    const { killSwitch, clocks } = this.#o
    const { action_id: id, tenant_id } = action
    return (
      isFree(action, clocks.wall()) &&
      this.#waits.isOver(id) &&
      !this.#running.has(id) &&
      ![...this.#running.values()].some(({ account }) => account === accountOf(action)) &&
      // Reading is allowed, and so may be what an ADMIN takes back.
      (maySettle(action) || isRollback(action) || killSwitch.engaged(tenant_id) === null)
    )
  }

  async #work(action: ActionView): Promise<void> {
    const { holder, placeOf, command, clocks, tell } = this.#o
    const { action_id, tenant_id: tenant } = action
    const place = await placeOf(action)
    if (place === null) {
      this.#waits.put(action_id, UNCONNECTED_MS)
      if (!this.#unconnected.has(action_id)) tell({ what: 'unconnected', action })
      this.#unconnected.add(action_id)
      return
    }
    this.#unconnected.delete(action_id)
    const body = { action_id, holder, attempt: action.attempt }
    const asked = { command: 'action.lease', tenant, actor: holder, role: ROLE, reason: null, body }
    const lease = await command(asked, this.#cut.signal)
    if (!lease.accepted) {
      this.#waits.put(action_id)
      return tell({ what: 'refused', action, code: lease.code ?? '', message: lease.message })
    }
    const began = clocks.steady()
    const signed = JSON.parse(lease.body) as SignedPermit
    const said = await attempt(signed, action_id, place, {
      ...this.#o,
      stopping: this.#stopping.signal,
      cut: this.#cut.signal,
    })
    if (said.code === 'PERMIT_INVALID') tell({ what: 'forged', action, message: said.message ?? '' })
    // Who was stopped by itself need not wait.
    if (said.outcome !== 'APPLIED') this.#waits.put(action_id, said.retry_after_ms ?? 0)
    await this.#report(action, said)
    tell({ what: 'ended', action, said, seconds: (clocks.steady() - began) / 1000 })
  }

  /** Until it is answered: the same command however often it is sent. Given up, the lease ends and it is settled. */
  async #report(action: ActionView, { permit, ...said }: Attempted): Promise<void> {
    const { holder, command, tell } = this.#o
    const { action_id, tenant_id: tenant } = action
    const attempt = permit?.attempt ?? action.attempt
    const ask: Ask = {
      ...{ command: 'action.result', tenant, actor: holder, role: ROLE, reason: null },
      // The same attempt may be leased more than once: to be written, and to be settled.
      id: ['result', action_id, attempt, holder, permit?.issued_at ?? 0].join('|'),
      body: { action_id, attempt, holder, ...said },
    }
    for (;;)
      try {
        const answer = await command(ask, this.#cut.signal)
        if (!answer.accepted)
          tell({ what: 'refused', action, code: answer.code ?? '', message: answer.message })
        return
      } catch (error) {
        if (this.#cut.signal.aborted) return
        tell({
          what: 'trouble',
          error: new Error(`action ${action_id}: ${messageOf(error)}`, { cause: error }),
        })
        await sleep(TELL_AGAIN_MS, undefined, { signal: this.#cut.signal }).catch(() => {})
      }
  }
}

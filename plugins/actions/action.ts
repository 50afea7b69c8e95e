import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Acting,
  type ActionOutcome,
  type InForce,
  isUnknownOutcome,
  mustBeInForce,
} from '../../engine/source/acting.ts'
import type { JsonSchema } from '../../engine/source/port.ts'
import { RetryableError } from '../errors.ts'
import type { FromSchema } from '../schema.ts'
import { WriteGuard } from './guard.ts'

/** What an action runs in: the connector's own context, and what is asked. */
export type ActionContext<C, P> = C & { readonly params: P }

/**
 * A change on the platform, made so that it can be repeated and taken back: read what is in force, work out the
 * absolute value wanted, write it, read it back (platforms.md §10).
 * `P`: what is asked; `V`: the value, any JSON.
 */
export interface ActionDefinition<C, S extends JsonSchema, V> {
  readonly title: string
  /** JSON Schema of what is asked. */
  readonly params: S
  /** The value in force. */
  read(context: ActionContext<C, FromSchema<S>>): Promise<V>
  /** The value wanted. Pure. @throws configError: it may not be */
  wanted(params: FromSchema<S>, current: V): V
  write(context: ActionContext<C, FromSchema<S>>, wanted: V, current: V): Promise<void>
  /**
   * The value in the words of the parameters (`status: 'PAUSED'`, `budget_micros`): what an executor compares with
   * what was decided upon. Left out: the value itself. Pure.
   */
  inForce?(value: V): InForce
  /** Whether two values are the same to the platform (deep equality of their JSON). */
  same?(a: V, b: V): boolean
  /** How long the platform may take until what was written is read. Milliseconds (10,000). */
  readonly settleMs?: number
}

export interface BoundAction<C> {
  readonly title: string
  readonly params: JsonSchema
  run(
    context: C,
    params: unknown,
    signal: AbortSignal,
    acting?: Acting,
    guard?: WriteGuard,
  ): Promise<ActionOutcome>
}

const FIRST_LOOK_MS = 100

/** Declares an action; exists so that the types of what is asked and of the value are inferred and checked. */
export function action<C, const S extends JsonSchema, V>(
  definition: ActionDefinition<C, S, V>,
): BoundAction<C> {
  const { title, params, inForce = asItIs, same = equal, settleMs = 10_000 } = definition
  const outcome = (before: V, wanted: V, after: V, written: boolean): ActionOutcome => ({
    ...{ before, wanted, after },
    inForce: { before: inForce(before), after: inForce(after) },
    written,
    confirmed: same(after, wanted),
  })
  return {
    title,
    params,
    async run(context, asked, signal, acting = {}, guard = new WriteGuard(acting.mayWrite)) {
      const full = { ...context, params: asked as FromSchema<S> }
      const before = await definition.read(full)
      if (acting.readOnly) return outcome(before, before, before, false)
      if (acting.expected) mustBeInForce(acting.expected, inForce(before))
      const wanted = definition.wanted(full.params, before)
      if (same(before, wanted)) return outcome(before, wanted, before, false)
      let failure: { error: unknown } | null = null
      try {
        await guard.during(() => definition.write(full, wanted, before))
      } catch (error) {
        signal.throwIfAborted()
        // Done or not is seen by reading; whatever was refused is not done.
        if (!isUnknownOutcome(error)) throw error
        failure = { error }
      }
      const after = await readBack(
        () => definition.read(full),
        v => same(v, wanted),
        settleMs,
        signal,
      ).catch((error: unknown) => {
        signal.throwIfAborted()
        throw Object.assign(error as Error, { outcome: 'unknown' as const })
      })
      if (!same(after, wanted) && failure) throw notMade(failure.error, inForce(after))
      return outcome(before, wanted, after, true)
    },
  }
}

/** It was read back: `found` is what is in force. */
function notMade(cause: unknown, found: InForce): RetryableError {
  const { retryAfterMs } = cause as { retryAfterMs?: number | null }
  const more = typeof retryAfterMs === 'number' ? { retryAfterMs } : {}
  return Object.assign(new RetryableError('the change was not made', { cause, ...more }), { found })
}

/** A value that is no object has no words of its own. */
const asItIs = (value: unknown): InForce =>
  typeof value === 'object' && value !== null ? (value as InForce) : { value }

async function readBack<V>(
  read: () => Promise<V>,
  done: (value: V) => boolean,
  settleMs: number,
  signal: AbortSignal,
): Promise<V> {
  const until = performance.now() + settleMs
  for (let waitMs = FIRST_LOOK_MS; ; waitMs *= 2) {
    const value = await read()
    const left = until - performance.now()
    if (done(value) || left <= 0) return value
    await sleep(Math.min(waitMs, left), undefined, { signal })
  }
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

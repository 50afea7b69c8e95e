import { setTimeout as sleep } from 'node:timers/promises'
import { LiveTenants } from '../clock/live.ts'
import { runTicker } from '../clock/ticker.ts'
import { isOutage } from '../errors.ts'
import { topicName } from '../stage/layout.ts'
import type { Stores } from './stores.ts'

export interface TickingOptions {
  readonly everyMs: number
  readonly signal: AbortSignal
  readonly onReplaced?: (() => void) | undefined
}

/** Ticks for every live tenant of the stores, until the signal aborts; a log that is away is waited for. */
export async function tickLive(
  { log, codec, layout, options }: Pick<Stores, 'log' | 'codec' | 'layout' | 'options'>,
  { everyMs, signal, onReplaced = () => {} }: TickingOptions,
): Promise<void> {
  const live = await outlasting(() => LiveTenants.open(log), signal)
  if (!live) return
  const ticking = runTicker({
    log,
    codec,
    clock: options.clock,
    topic: topicName('facts'),
    partitions: layout.partitions('facts'),
    everyMs,
    tenants: () => live.names(),
    signal,
    onReplaced,
  })
  await Promise.all([ticking, live.follow(signal)])
}

async function outlasting<T>(open: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  while (!signal.aborted)
    try {
      return await open()
    } catch (error) {
      if (!isOutage(error)) throw error
      await sleep(1_000, undefined, { signal }).catch(() => {})
    }
  return null
}

import { setTimeout as sleep } from 'node:timers/promises'

/** The time of the shop. Tests bring their own. */
export interface ShopTime {
  /** UTC micros. */
  now(): number
  /** Waits; returns early when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** The harness's clock; waits are real ones. */
export const timeBy = ({ now }: Pick<ShopTime, 'now'>): ShopTime => ({
  now,
  wait: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
})

const HOUR_US = 3_600_000_000

/** What an action takes of the blast radius. */
export interface Need {
  /** `meta:a1:c1`: what is changed inside a campaign is a change of it. */
  readonly campaign: string
  /** Gross, a day, in the tenant's currency (`money.ts`); null: not known, and then nothing fits while it counts. */
  readonly money_micros: number | null
  readonly is_increase: boolean
}

export interface Entry extends Need {
  /** When it was reserved, then when it was applied, UTC microseconds. */
  readonly at: number
  /** Nobody knows yet when, or whether, it was written: it counts whatever its age. */
  readonly is_open: boolean
}

/** What actions have taken of a tenant's blast radius, by action. Plain JSON; the functions change it in place. */
export interface Ledger {
  readonly entries: Record<string, Entry>
}

export const emptyLedger = (): Ledger => ({ entries: {} })

/**
 * An action was approved, in the same step of the fold: by the autopilot where there was room, by a person in any case.
 * What takes one of ours back needs no room and is not reserved, nor is anything that is only queued.
 * @param windowHours of the limits in force: entries that it has left behind are dropped
 * @param now UTC microseconds
 */
export function reserve(ledger: Ledger, action: string, need: Need, windowHours: number, now: number): void {
  forget(ledger, windowHours, now)
  const { campaign, money_micros, is_increase } = need
  const known = ledger.entries[action]
  // Approved a second time before the first has ended: both may have been written.
  const before = known === undefined ? 0 : known.money_micros
  ledger.entries[action] = {
    campaign,
    money_micros: money_micros === null || before === null ? null : money_micros + before,
    is_increase: is_increase || known?.is_increase === true,
    at: now,
    is_open: true,
  }
}

/**
 * It was applied, or held back to see what the autopilot is worth (the draw must not change the room of others): its
 * window begins, and nothing refunds it, not even its rollback. Where the outcome is unknown call nothing: it stays.
 * @param at UTC microseconds
 */
export function applied(ledger: Ledger, action: string, at: number): void {
  const entry = ledger.entries[action]
  if (entry?.is_open) ledger.entries[action] = { ...entry, at: Math.max(at, entry.at), is_open: false }
}

/** It was dismissed, or has failed and surely nothing was written: it took nothing. */
export function release(ledger: Ledger, action: string): void {
  if (ledger.entries[action]?.is_open) delete ledger.entries[action]
}

/** Those that count at a time: of the last hours, and all that are open. */
export const counted = (ledger: Ledger, hours: number, now: number): readonly Entry[] =>
  Object.values(ledger.entries).filter(({ is_open, at }) => is_open || at > now - hours * HOUR_US)

/** Increases count for an hour at least, however short the window. */
function forget(ledger: Ledger, windowHours: number, now: number): void {
  const until = now - Math.max(1, windowHours) * HOUR_US
  for (const [action, { is_open, at }] of Object.entries(ledger.entries))
    if (!is_open && at <= until) delete ledger.entries[action]
}

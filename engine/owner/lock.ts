import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, StratumError } from '../errors.ts'
import { type Claim, claimsFolder, confirmClaim, dropClaim, livingClaims, makeClaim } from './claims.ts'

export interface Owner {
  readonly pid: number
  readonly command: string
  /** ISO 8601. */
  readonly since: string
}

export interface AcquireOptions {
  /** What runs, for the message another process gets; never with arguments that may be secret. */
  readonly command?: string
}

/** Tries before two that start in the same instant are told apart; each waits a random few milliseconds. */
const TRIES = 200

/**
 * Makes this process the owner of a data directory, and gives the function that ends that. After `kill -9` the
 * next one takes over.
 *
 * A process claims first and looks for other claims then; it owns the directory if there is none of a living
 * process. Of two that claim at once each sees at least the other's claim or is seen by it, so never both win;
 * both may back off, and try again. Processes must see each other (one machine, one PID namespace).
 * @throws StratumError DATA_DIR_IN_USE
 */
export async function acquire(dir: string, options: AcquireOptions = {}): Promise<() => void> {
  const folder = claimsFolder(dir)
  const holder = {
    command: options.command ?? `stratum ${process.argv[2] ?? ''}`.trim(),
    since: new Date().toISOString(),
  }
  let other: Claim | undefined
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const own = claim(folder, dir)
    const others = livingClaims(folder, true).filter(({ file }) => file !== own)
    if (others.length === 0) {
      confirmClaim(own, holder)
      return () => dropClaim(own)
    }
    dropClaim(own)
    other = others.find(found => found.holder !== null) ?? others[0]
    if (other?.holder) break
    await sleep(2 + Math.random() * 20)
  }
  throw inUse(dir, other!)
}

/** Who owns a data directory now; null when nobody does. */
export function owner(dir: string): Owner | null {
  for (const { pid, holder } of livingClaims(claimsFolder(dir), false)) if (holder) return { pid, ...holder }
  return null
}

function claim(folder: string, dir: string): string {
  try {
    return makeClaim(folder)
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? messageOf(cause)
    const message = `data directory ${resolve(dir)} cannot be written (${why}): choose another with --data DIR`
    throw new StratumError('CONFIG_INVALID', message, { cause })
  }
}

function inUse(dir: string, { pid, holder, file }: Claim): StratumError {
  const what = holder ? `${holder.command}, since ${holder.since}` : 'starting'
  const message =
    `data directory ${resolve(dir)} is in use by process ${pid} (${what}). ` +
    'Stop it, or choose another directory with --data DIR'
  return new StratumError('DATA_DIR_IN_USE', message, { details: [`claim: ${file}`] })
}

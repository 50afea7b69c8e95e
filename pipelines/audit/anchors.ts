import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, StratumError } from '../../engine/errors.ts'
import { keyIdOf, verifies } from '../../engine/signing.ts'
import { type Checkpoint, Keyring, type Signer } from './model/checkpoint.ts'
import type { Anchor } from './model/finding.ts'

/**
 * Checkpoints that were kept elsewhere, by tenant: a file with one a line, or a folder of such files (`.ndjson`).
 * @throws StratumError USAGE: it cannot be read, or a line is no checkpoint
 */
export function readAnchors(path: string): ReadonlyMap<string, readonly Checkpoint[]> {
  const found = new Map<string, Checkpoint[]>()
  for (const file of filesIn(path)) {
    for (const [n, line] of readFileSync(file, 'utf8').split('\n').entries()) {
      if (line.trim() === '') continue
      const checkpoint = checkpointOf(line)
      if (checkpoint === null) throw new StratumError('USAGE', `${file}:${n + 1} is no checkpoint`)
      found.set(checkpoint.tenant, [...(found.get(checkpoint.tenant) ?? []), checkpoint])
    }
  }
  return found
}

function filesIn(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path).filter(name => name.endsWith('.ndjson'))
    return names.sort().map(name => join(path, name))
  } catch (cause) {
    throw new StratumError('USAGE', `anchors cannot be read: ${messageOf(cause)}`, { cause })
  }
}

const TEXTS = ['tenant', 'head', 'at', 'key_id', 'signature', 'public_key'] as const

function checkpointOf(line: string): Checkpoint | null {
  try {
    const said = JSON.parse(line) as Record<string, unknown>
    const fits = Number.isSafeInteger(said.seq) && TEXTS.every(name => typeof said[name] === 'string')
    const { prev_checkpoint = null, announced_by = null, announcement = null } = said
    return fits ? ({ ...said, prev_checkpoint, announced_by, announcement } as unknown as Checkpoint) : null
  } catch {
    return null
  }
}

/** What of a tenant's checkpoints may be believed, and what is wrong with the rest. */
export function believed(
  checkpoints: readonly Checkpoint[],
  known: Signer | null,
): { readonly anchors: Anchor[]; readonly wrong: string[] } {
  const keyring = new Keyring(known, { verifies, keyIdOf })
  const anchors: Anchor[] = []
  const wrong: string[] = []
  for (const checkpoint of checkpoints) {
    const why = keyring.wrong(checkpoint)
    if (why === null) anchors.push(checkpoint)
    else wrong.push(why)
  }
  return { anchors, wrong }
}

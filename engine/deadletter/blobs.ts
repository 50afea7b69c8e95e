import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, StratumError } from '../errors.ts'
import { sha256 } from './dead-letter.ts'

/** Payloads beyond this lie beside the log, named by their hash, so that one bad row cannot swell it. */
export const INLINE_BYTES = 256 * 1024

export interface Payload {
  readonly payload: Buffer | null
  readonly payload_ref: string | null
  readonly payload_bytes: number
  readonly payload_sha256: string | null
}

/** The bytes of a rejected row, inline or by reference. Writing the same bytes twice is one file. */
export function storePayload(dir: string, bytes: Buffer | null): Payload {
  if (bytes === null) return { payload: null, payload_ref: null, payload_bytes: 0, payload_sha256: null }
  const digest = sha256(bytes)
  const known = { payload_bytes: bytes.length, payload_sha256: digest }
  if (bytes.length <= INLINE_BYTES) return { payload: bytes, payload_ref: null, ...known }
  const ref = join('blobs', digest)
  const partial = join(dir, `${ref}.${process.pid}`)
  try {
    mkdirSync(join(dir, 'blobs'), { recursive: true })
    writeFileSync(partial, bytes)
    renameSync(partial, join(dir, ref))
  } catch (error) {
    discard(partial)
    throw new StratumError(
      'STORE_UNAVAILABLE',
      `A rejected row of ${bytes.length} bytes cannot be kept: ${messageOf(error)}`,
      { cause: error },
    )
  }
  return { payload: null, payload_ref: ref, ...known }
}

/** What stopped the write may stop this as well: the first is the one to tell of. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Left where it is.
  }
}

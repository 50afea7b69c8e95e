import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { asReadError, type FileEntry } from '../../plugins/files/listing.ts'
import type { Mapping } from './mapping.ts'

const EDGE = 64 * 1024

/**
 * Of a file and the mapping it is read by: size, time of change, a hash of its beginning and end (a copy may keep the
 * time), a hash of the mapping. When it changes the file is read anew.
 */
export async function fingerprintOf(file: FileEntry, mapping: Mapping): Promise<string> {
  const by = createHash('sha256').update(JSON.stringify(mapping)).digest('hex')
  return `${file.fingerprint}-${(await edgesOf(file)).slice(0, 16)}-${by.slice(0, 8)}`
}

async function edgesOf(file: FileEntry): Promise<string> {
  const hash = createHash('sha256')
  const edge = Buffer.alloc(EDGE)
  try {
    const handle = await open(file.path)
    try {
      for (const position of [0, Math.max(0, file.size - EDGE)]) {
        const { bytesRead } = await handle.read(edge, 0, EDGE, position)
        hash.update(edge.subarray(0, bytesRead))
      }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw asReadError(error, file)
  }
  return hash.digest('hex')
}

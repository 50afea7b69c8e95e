import { open } from 'node:fs/promises'
import { asReadError, type FileEntry } from './listing.ts'

/**
 * The bytes of a file in pieces. The pieces of one file are the same on every read: what follows a damaged place
 * must not depend on timing.
 */
export async function* readChunks(
  file: FileEntry,
  signal: AbortSignal,
  size = 256 * 1024,
): AsyncGenerator<Buffer, void, void> {
  const handle = await open(file.path, 'r').catch((error: unknown) => {
    throw asReadError(error, file)
  })
  try {
    for (let position = 0; ; ) {
      signal.throwIfAborted()
      // A fresh buffer each time: rows keep views into it until they are parsed.
      const buffer = Buffer.allocUnsafeSlow(size)
      const filled = await fill(buffer, position)
      if (filled === 0) return
      position += filled
      yield filled === size ? buffer : buffer.subarray(0, filled)
    }
  } catch (error) {
    throw asReadError(error, file)
  } finally {
    await handle.close()
  }

  async function fill(buffer: Buffer, position: number): Promise<number> {
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  }
}

/** The first bytes of a file, to see what it is. */
export async function readHead(file: FileEntry, size: number): Promise<Buffer> {
  for await (const chunk of readChunks(file, new AbortController().signal, size)) return chunk
  return Buffer.alloc(0)
}

import { createGunzip } from 'node:zlib'
import { messageOf, PayloadError } from '../errors.ts'

/**
 * Unzips chunk by chunk. A stream pipeline would drop whatever is buffered when the file turns out to be damaged,
 * so how many rows came before would depend on timing; here every chunk is finished before the next is written.
 */
export async function* gunzip(
  chunks: AsyncIterable<Buffer>,
  origin: string,
): AsyncGenerator<Buffer, void, void> {
  const unzip = createGunzip()
  let out: Buffer[] = []
  let failed: Error | null = null
  unzip.on('data', (piece: Buffer) => out.push(piece))
  const closed = new Promise<void>(resolve => {
    unzip.on('end', resolve)
    unzip.on('error', error => {
      failed = error
      resolve()
    })
  })
  const take = (): Buffer[] => {
    const taken = out
    out = []
    return taken
  }
  try {
    for await (const chunk of chunks) {
      await Promise.race([new Promise<void>(resolve => unzip.write(chunk, () => resolve())), closed])
      yield* take()
      if (failed) break
    }
    if (!failed) {
      unzip.end()
      await closed
      yield* take()
    }
    if (failed)
      throw new PayloadError(`the gzip data is damaged or truncated (${messageOf(failed)})`, { origin })
  } finally {
    unzip.destroy()
  }
}

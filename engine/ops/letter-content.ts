import type { DeadLetter } from '../deadletter/dead-letter.ts'
import type { Stores } from '../runtime/stores.ts'

const SHOWN_BYTES = 4_000

/** Bytes of a letter as a person reads them: a record of the log decoded, a row as text as far as it is text. */
export async function contentOfLetter(
  { codec }: Stores,
  letter: DeadLetter,
  bytes: Buffer | null,
): Promise<unknown> {
  if (bytes === null) return null
  if (letter.origin_topic !== null) {
    const reader = codec.reader()
    await reader.ready([{ value: bytes }])
    try {
      return reader.decode(bytes).value
    } catch {
      return { undecodable_hex: bytes.subarray(0, SHOWN_BYTES).toString('hex') }
    }
  }
  const text = bytes.subarray(0, SHOWN_BYTES).toString('utf8')
  const rest = bytes.length - SHOWN_BYTES
  return rest > 0 ? `${text}… and ${rest} bytes more` : text
}

import { isUtf8 } from 'node:buffer'

/** Integers which JSON.parse would round: 17 digits and more, or 16 from 9.0e15 on. */
const BIG = /[:,[]\s*-?(?:\d{17,}|9\d{15})/
const STRING_OR_BIG = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * The value of one JSON row. Integers beyond 2^53 come as strings of their digits, as BigQuery writes them.
 * Throws an Error whose message is one line and quotes nothing of the row (it may hold personal data).
 */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new Error('not valid UTF-8')
  const text = bytes.toString('utf8')
  try {
    return JSON.parse(BIG.test(text) ? quoteBigIntegers(text) : text) as unknown
  } catch (error) {
    throw new Error(`not valid JSON (${faultOf(error)})`)
  }
}

const quoteBigIntegers = (text: string): string =>
  text.replace(STRING_OR_BIG, token =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  )

function faultOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  if (/end of JSON|Unterminated/.test(message)) return 'it ends too early'
  const place = /at position (\d+)/.exec(message)
  return place ? `unexpected character at position ${place[1]}` : 'unexpected character'
}

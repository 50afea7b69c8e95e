import { isUtf8 } from 'node:buffer'
import { REDACTED, redactPii } from '../../plugins/privacy/redact.ts'

const SHOWN = 100

/** A row that cannot become an event. The message names the field and shows its value, redacted and cut. */
export class BadRow extends Error {
  constructor(field: string, value: unknown, wanted: string) {
    super(`${field} is ${show(value)}, not ${wanted}`)
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  let text: string
  try {
    text = JSON.stringify(value) ?? String(value)
  } catch {
    text = typeof value
  }
  const redacted = redactPii(text)
  return redacted.length > SHOWN ? `${redacted.slice(0, SHOWN)}…` : redacted
}

/** The bytes of a rejected row as they may be kept: without addresses, telephone numbers and login ids. */
export function redactRow(bytes: Buffer): Buffer {
  // Bytes which are no UTF-8 must come back as they are.
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  const redacted = redactPii(text).replace(LOGIN_ID, `$1"${REDACTED}"`)
  return Buffer.from(redacted, encoding)
}

const LOGIN_ID = /("user_id"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g

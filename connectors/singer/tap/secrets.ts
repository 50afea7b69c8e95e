import { REDACTED, redactPii } from '../../../plugins/privacy/redact.ts'

/** Shorter than this a value is a flag or a number of something, and would be found in every text. */
const SHORTEST = 3

export type Redact = (text: string) => string

/**
 * Takes out of a text every value of a configuration, as it is and as JSON and URLs write it, and addresses of
 * people. All values count as secret: which of them are, only the tap knows.
 */
export function redactorOf(...configurations: readonly unknown[]): Redact {
  const values = new Set<string>()
  for (const value of configurations.flatMap(leaves)) for (const form of formsOf(value)) values.add(form)
  // The longer first: one value may be part of another.
  const known = [...values].filter(v => v.length >= SHORTEST).sort((a, b) => b.length - a.length)
  return text => {
    let out = text
    for (const value of known) if (out.includes(value)) out = out.replaceAll(value, REDACTED)
    return redactPii(out)
  }
}

function leaves(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return [String(value)]
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leaves)
  return []
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map(line => line.trim())
  return [value, ...lines].flatMap(text => [
    text,
    JSON.stringify(text).slice(1, -1),
    encoded(text),
    Buffer.from(text).toString('base64').replace(/=+$/, ''),
  ])
}

function encoded(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    // Half a surrogate pair.
    return text
  }
}

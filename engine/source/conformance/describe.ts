import { messageOf } from '../../errors.ts'
import { troubleKind } from '../trouble.ts'

/** What an error says of itself: `credentials`, `permission`, `retryable` …; `none` where no connector made it. */
export function natureOf(error: unknown): string {
  const kind = troubleKind(error)
  if (kind !== 'auth') return kind ?? 'none'
  return (error as { lack?: string }).lack ?? 'auth without a word of what is missing'
}

/** An error for a message: its nature and the beginning of what it says. */
export function described(error: unknown): string {
  const nature = natureOf(error)
  const text = messageOf(error).replace(/\s+/g, ' ')
  const short = text.length > 160 ? `${text.slice(0, 159)}…` : text
  const name =
    nature === 'none' ? `a bare ${(error as Error | null)?.name ?? 'error'}` : `an error (${nature})`
  return `${name}: ${short}`
}

/** What an error should be and is not, or null. Messages are one line for a person. */
export function wrongly(error: unknown, wanted: readonly string[]): string | null {
  if (!wanted.includes(natureOf(error))) return `it gives ${described(error)}`
  const text = messageOf(error)
  if (text.trim() === '') return 'its error says nothing'
  if (/[\r\n]/.test(text.trim()))
    return `its error is more than one line: ${JSON.stringify(text.slice(0, 80))}`
  if (/\[object Object\]|\bundefined\b|\bNaN\b/.test(text))
    return `its error is unclear: ${text.slice(0, 160)}`
  return null
}

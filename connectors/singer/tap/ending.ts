import { constants } from 'node:os'
import {
  authError,
  type ConnectorError,
  configError,
  fatalError,
  permissionError,
  RetryableError,
} from '../../../plugins/errors.ts'
import { causeIn } from './cause.ts'
import type { Ending } from './process.ts'
import type { LastWords } from './stderr.ts'

const NAMES = new Map<number, string>(
  Object.entries(constants.signals).map(([name, number]) => [number, name]),
)

/**
 * What the end of a tap means; null: it has ended well. Its code says nothing of the cause: `said`, its last words,
 * may. A signal (memory, an operator) may not come again.
 */
export function troubleOf(tap: string, { code, signal }: Ending, said: LastWords): ConnectorError | null {
  if (code === 0) return null
  const words = said.shown === null ? '' : `: ${said.shown}`
  const name = signal ?? (code !== null && code > 128 ? (NAMES.get(code - 128) ?? null) : null)
  if (name !== null) return new RetryableError(`${tap} was ended by ${name}${words}`)
  const text =
    words === ''
      ? `${tap} ended with code ${code} and said nothing`
      : `${tap} ended with code ${code}${words}`
  switch (causeIn(said.all)) {
    case 'credentials':
      return authError(text)
    case 'permission':
      return permissionError(text)
    case 'config':
      return configError(text, '/config')
    case 'outage':
      return new RetryableError(text)
    case null:
      return fatalError(text)
  }
}

import { types } from 'pg'
import { StratumError } from '../../errors.ts'

const BIGINT = 20
/** Times and days as the server writes them: a Date has a zone and no microseconds. */
const AS_TEXT = new Set([1082, 1114, 1184])

/** How values of columns become those of a row. */
export const parsers = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
    if (oid === BIGINT) return exact
    if (AS_TEXT.has(oid)) return value => value
    return types.getTypeParser(oid, format ?? 'text')
  },
}

function exact(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new StratumError('STORE_REFUSED', `Catalogue: ${text} is more than a number holds: select it as text`)
}

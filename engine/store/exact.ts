import { StratumError } from '../errors.ts'

/** JSON texts and numbers, in the order in which they stand; texts so that digits in them stay as they are. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g
/** So many significant digits survive a double whatever they are (IEEE 754 binary64). */
const SAFE_DIGITS = 15

/**
 * Rows of ClickHouse's JSONEachRow, where integers and decimals of any width are plain numbers. A number whose
 * digits a double would change becomes text with all of them; every other one stays a number.
 * @throws StratumError USAGE when it is another format: the statement said FORMAT itself
 */
export function parseExact(lines: string): Record<string, unknown>[] {
  return lines
    .split('\n')
    .filter(line => line !== '')
    .map(parseLine)
}

function parseLine(line: string): Record<string, unknown> {
  try {
    if (line.startsWith('{')) return JSON.parse(line.replace(TOKENS, exact)) as Record<string, unknown>
  } catch {
    // Said below.
  }
  throw new StratumError('USAGE', 'leave FORMAT out of the statement: --json and --ndjson choose the format')
}

function exact(token: string): string {
  if (token.startsWith('"') || /e/i.test(token)) return token
  const digits = token.replace(/^-?[0.]*/, '').replace('.', '')
  return digits.length <= SAFE_DIGITS || isDouble(token) ? token : `"${token}"`
}

/** Whether a double is this number, and is written as it is: 44326957175521090 is written so, and is another. */
function isDouble(token: string): boolean {
  const number = Number(token)
  return String(number) === token && (token.includes('.') || BigInt(number) === BigInt(token))
}

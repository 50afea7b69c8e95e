import { readFileSync } from 'node:fs'
import { validate } from '../config/index.ts'
import { messageOf, StratumError } from '../errors.ts'
import type { JsonSchema } from './port.ts'
import type { PreviewState } from './preview.ts'

const SCHEMA: JsonSchema = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    properties: { cursor: {}, skip: { type: 'integer', minimum: 1 } },
    required: ['cursor'],
    additionalProperties: false,
  },
}

/**
 * The state to go on from: the last STATE line of a file, which may be all that `stratum read` has printed, or the
 * `state` of one alone.
 * @throws StratumError CONFIG_INVALID
 */
export function readPreviewState(file: string): PreviewState {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? messageOf(cause)})`
    throw new StratumError('CONFIG_INVALID', `${file}: ${why}`, { cause })
  }
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const last = lines.findLast(line => isMessage(parsed(line), 'STATE'))
  const alone = parsed(text)
  const state = last !== undefined ? (parsed(last) as { state: unknown }).state : alone
  if (last === undefined && (alone === undefined || isMessage(alone, 'RECORD')))
    throw new StratumError(
      'CONFIG_INVALID',
      `${file}: there is no STATE in it: give a file that stratum read has printed`,
    )
  return validate(SCHEMA, state, file) as PreviewState
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isMessage = (value: unknown, type: string) =>
  typeof value === 'object' && value !== null && (value as { type?: unknown }).type === type

import { memberOf } from './json-members.ts'

/** One line of a tap, as it is understood. Texts of JSON are as the tap has written them. */
export type Message =
  | {
      readonly type: 'RECORD'
      readonly stream: string
      readonly record: string
      /** The same, parsed: its numbers may be rounded. */
      readonly value: Readonly<Record<string, unknown>>
      readonly version: number | null
      readonly timeExtracted: string | null
    }
  | {
      readonly type: 'SCHEMA'
      readonly stream: string
      readonly schema: string
      readonly keyProperties: readonly string[]
    }
  | { readonly type: 'STATE'; readonly value: string }
  | { readonly type: 'ACTIVATE_VERSION'; readonly stream: string; readonly version: number }
  | { readonly type: 'BATCH'; readonly stream: string }

/** A line that is no message. The reason quotes nothing of it: it may hold secrets and people. */
export class NoMessage extends Error {}

type Tree = Readonly<Record<string, unknown>>

/** @throws NoMessage */
export function messageOfLine(text: string): Message {
  const tree = parsed(text)
  if (!isTree(tree)) throw new NoMessage('not a JSON object')
  const { type } = tree
  switch (type) {
    case 'RECORD': {
      const value = tree.record
      if (!isTree(value)) throw new NoMessage('RECORD without an object `record`')
      const { time_extracted: time } = tree
      return {
        type,
        stream: streamOf(tree),
        record: memberOf(text, 'record')!,
        value,
        version: tree.version === undefined || tree.version === null ? null : versionOf(tree),
        timeExtracted: typeof time === 'string' ? time : null,
      }
    }
    case 'STATE':
      // Some taps begin with a state of null: nothing is known yet.
      if (!isTree(tree.value) && tree.value !== null) throw new NoMessage('STATE without an object `value`')
      return { type, value: tree.value === null ? '{}' : memberOf(text, 'value')! }
    case 'SCHEMA': {
      const { key_properties: keys = [] } = tree
      if (!isTree(tree.schema)) throw new NoMessage('SCHEMA without an object `schema`')
      if (keys !== null && !(Array.isArray(keys) && keys.every(key => typeof key === 'string')))
        throw new NoMessage('key_properties of a SCHEMA is no list of names')
      const schema = memberOf(text, 'schema')!
      return { type, stream: streamOf(tree), schema, keyProperties: (keys ?? []) as string[] }
    }
    case 'ACTIVATE_VERSION':
      return { type, stream: streamOf(tree), version: versionOf(tree) }
    case 'BATCH':
      return { type, stream: streamOf(tree) }
  }
  throw new NoMessage(
    typeof type === 'string' && /^[A-Z_]{1,40}$/.test(type)
      ? `a message of type ${type} is not one of Singer`
      : 'a message without a type of Singer',
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const at = /at position (\d+)/.exec(message)?.[1]
    const early = /end of JSON|Unterminated/.test(message) || Number(at) >= text.length
    const notNumber = /[:,[]\s*-?(?:NaN|Infinity)\b/.test(text) ? 'NaN and Infinity are no JSON' : null
    const place = at === undefined ? 'unexpected character' : `unexpected character at position ${at}`
    throw new NoMessage(`not valid JSON (${notNumber ?? (early ? 'it ends too early' : place)})`)
  }
}

function streamOf({ stream, type }: Tree): string {
  if (typeof stream !== 'string' || stream === '') throw new NoMessage(`${type} without a stream`)
  return stream
}

function versionOf({ version, type }: Tree): number {
  if (!Number.isSafeInteger(version)) throw new NoMessage(`version of ${type} is no whole number`)
  return version as number
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

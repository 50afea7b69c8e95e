import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import singer from '../../../connectors/singer/index.ts'
import type { TapRecord } from '../../../connectors/singer/record.ts'
import { sourceContext } from '../../../engine/source/context.ts'
import type { RejectedRow } from '../../../engine/source/port.ts'
import type { Script, Seen } from './fake-tap.ts'

export const FAKE_TAP = fileURLToPath(new URL('./fake-tap.js', import.meta.url))

export interface Reading {
  records: TapRecord[]
  rejected: RejectedRow[]
  states: unknown[]
  notices: string[]
}

type Over = Readonly<Record<string, unknown>>

/** The settings of a fake tap that does what `script` says. */
export const fake = (script: Script, over: Over = {}) => ({
  name: 'fake',
  command: process.execPath,
  args: [FAKE_TAP, JSON.stringify(script)],
  config: {},
  catalog_option: 'none',
  personal: [],
  validate: false,
  ...over,
})

export async function read(
  config: Over,
  state: unknown = null,
  into: Reading = { records: [], rejected: [], states: [], notices: [] },
): Promise<Reading> {
  const notice = (message: string) => into.notices.push(message)
  for await (const batch of singer.read('records', { ...sourceContext({ config, notice }), state })) {
    into.records.push(...(batch.records as unknown as TapRecord[]))
    into.rejected.push(...(batch.rejected ?? []))
    into.states.push(JSON.parse(JSON.stringify(batch.state)))
  }
  return into
}

export const check = (config: Over, notice = (_: string) => {}) =>
  singer.check(sourceContext({ config, notice }))

export const seenIn = (file: string): Seen[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Seen)

export const schema = (stream: string, keys: readonly string[] = ['id'], properties: Over = {}) =>
  JSON.stringify({ type: 'SCHEMA', stream, schema: { type: 'object', properties }, key_properties: keys })
export const record = (stream: string, text: string, more = '') =>
  `{"type":"RECORD","stream":${JSON.stringify(stream)},"record":${text}${more}}`
export const state = (value: unknown) => JSON.stringify({ type: 'STATE', value })

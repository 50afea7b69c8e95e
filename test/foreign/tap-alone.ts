import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from '../support/servers/machine.ts'

type Json = Readonly<Record<string, unknown>>
interface Stream {
  readonly tap_stream_id: string
  readonly metadata: { readonly breadcrumb: readonly string[]; metadata: Json }[]
}
type Message =
  | { readonly type: 'RECORD'; readonly stream: string; readonly record: Json }
  | { readonly type: 'SCHEMA' | 'STATE' }

export interface Alone {
  readonly program: string
  readonly config: Json
  readonly streams: readonly string[]
  /** Beside that of the test. */
  readonly environment: Readonly<Record<string, string>>
  readonly catalogOption: '--catalog' | '--properties'
}

/** The records of a tap that nothing of ours runs: discovered, selected whole, and read once. @param folder for its files */
export async function tapAlone(
  folder: string,
  { program, config, streams, environment, catalogOption }: Alone,
): Promise<Record<string, Json[]>> {
  const file = (name: string, content: unknown) => {
    const path = join(folder, name)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const env = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  const run = (...args: string[]) =>
    runToEnd('env', [...env, program, '--config', file('config.json', config), ...args])
  const catalog = JSON.parse(await run('--discover')) as { streams: Stream[] }
  for (const { tap_stream_id, metadata } of catalog.streams)
    for (const entry of metadata)
      entry.metadata = { ...entry.metadata, selected: streams.includes(tap_stream_id) }
  const said = await run(catalogOption, file('catalog.json', catalog))
  const found: Record<string, Json[]> = {}
  for (const line of said.split('\n').filter(Boolean)) {
    const message = JSON.parse(line) as Message
    if (message.type !== 'RECORD') continue
    found[message.stream] ??= []
    found[message.stream]!.push(message.record)
  }
  return found
}

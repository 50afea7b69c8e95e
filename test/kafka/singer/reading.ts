import { readdirSync, readFileSync } from 'node:fs'
import singer from '../../../connectors/singer/index.ts'
import { memberOf } from '../../../connectors/singer/messages/json-members.ts'
import type { TapRecord } from '../../../connectors/singer/record.ts'
import { sourceContext } from '../../../engine/source/context.ts'

export type Settings = Readonly<Record<string, unknown>>

export const settings = (command: string, config: unknown, over: Settings = {}): Settings => ({
  name: 'test',
  command,
  args: [],
  config,
  catalog_option: '--catalog',
  personal: [],
  validate: false,
  ...over,
})

/** What a target makes of the rows: of one key the latest, and nothing of a version that is no more. */
export class Target {
  readonly rows: TapRecord[] = []
  readonly notices: string[] = []
  state: unknown = null
  readonly #streams = new Map<string, Map<string, TapRecord>>()

  /** Reads on from the last state. `each` sees what a batch leaves. @throws what ends the reading */
  async read(config: Settings, each: () => void | Promise<void> = () => {}): Promise<void> {
    const context = {
      ...sourceContext({ config, notice: message => this.notices.push(message) }),
      state: this.state,
    }
    for await (const batch of singer.read('records', context)) {
      if (batch.rejected?.length) throw new Error(batch.rejected[0]!.reason)
      for (const row of batch.records as unknown as TapRecord[]) this.#take(row)
      this.state = JSON.parse(JSON.stringify(batch.state))
      await each()
    }
  }

  /** The rows of a stream: fields as they are written, texts without their quotes, in the order of the text. */
  table(stream: string, fields: readonly string[]): string[] {
    const rows = [...(this.#streams.get(stream)?.values() ?? [])]
    return rows.map(({ record }) => fields.map(name => plain(memberOf(record!, name)!)).join('|')).sort()
  }

  records(stream: string): number {
    return this.rows.filter(row => row.stream === stream && row.type === 'RECORD').length
  }

  #take(row: TapRecord): void {
    if (row.sequence !== this.rows.length) throw new Error(`row ${this.rows.length} has ${row.sequence}`)
    this.rows.push(row)
    const rows = this.#streams.get(row.stream) ?? new Map<string, TapRecord>()
    this.#streams.set(row.stream, rows)
    if (row.type === 'RECORD') rows.set(row.key ?? `row ${row.sequence}`, row)
    if (row.type === 'ACTIVATE_VERSION')
      for (const [key, { version }] of rows) if (version !== row.version) rows.delete(key)
  }
}

const plain = (value: string): string => (value.startsWith('"') ? (JSON.parse(value) as string) : value)

/** The processes whose command line names a program. */
export function processesOf(program: string): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        return words.includes(program) && !words.includes('-c')
      } catch {
        return false
      }
    })
    .map(Number)
}

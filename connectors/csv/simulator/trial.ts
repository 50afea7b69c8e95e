import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Trial } from '../../../plugins/contract.ts'
import { chance } from '../../../plugins/simulator/random.ts'
import { addDays, dayIn } from '../../../plugins/sync/index.ts'

const FILES = 4
const ROWS = 200
/** Of a large file: the keys of one file are held in memory. */
const MANY_ROWS = 5_000

type Line = Record<string, string>

/** A folder of spend files, for the conformance kit: one a day. */
const trial: Trial = {
  async start({ seed, records = FILES * ROWS, now = Date.UTC(2026, 5, 15, 12) * 1000 }) {
    const path = mkdtempSync(join(tmpdir(), 'stratum-csv-'))
    const rows = records > FILES * ROWS ? MANY_ROWS : ROWS
    const files = Math.ceil(records / rows)
    const lineOf = (file: number, ad: number): Line => {
      const random = chance(seed, file, ad)
      return {
        date: addDays(dayIn('UTC', now), file - files),
        platform: 'meta',
        account_id: 'a1',
        campaign_id: `c${ad % 7}`,
        ad_id: `x${ad}`,
        impressions: String(random.between(100, 9_000)),
        clicks: String(random.between(0, 90)),
        spend: `${random.between(1, 90)}.${random.between(10, 99)}`,
        currency: 'EUR',
      }
    }
    /** Writes the files anew; each line may become several, or another. */
    const write = (change: (line: Line, ad: number) => Line[] = line => [line]): void => {
      for (let file = 0; file < files; file++) {
        const lines = Array.from({ length: rows }, (_, ad) => change(lineOf(file, ad), ad)).flat()
        const header = Object.keys(lines[0] ?? lineOf(0, 0))
        const text = [header, ...lines.map(Object.values)].map(cells => cells.join(',')).join('\n')
        const name = join(path, `spend-${String(file).padStart(3, '0')}.csv`)
        writeFileSync(name, `${text}\n`)
        // A report is as of its file's time of change.
        utimesSync(name, now / 1e6, now / 1e6)
      }
    }
    write()
    return {
      config: { path, mapping: 'generic' },
      address: null,
      now,
      faults: {
        empty: () => write(() => []),
        repeatRows: () => write((line, ad) => (ad % 50 === 0 ? [line, line] : [line])),
        restate: () => write(line => [{ ...line, spend: `1${line.spend}` }]),
        drift(kind) {
          if (kind === 'added') write(line => [{ ...line, viewers: '7' }])
          if (kind === 'retyped') write((line, ad) => [ad === 3 ? { ...line, clicks: 'many' } : line])
          if (kind === 'missing') write(({ clicks, ...line }) => [line])
        },
      },
      close: async () => rmSync(path, { recursive: true, force: true }),
    }
  },
}

export default trial

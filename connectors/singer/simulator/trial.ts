import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Trial } from '../../../plugins/contract.ts'
import type { TapSettings } from './tap.ts'

/** 2026-04-15T09:30:00Z. UTC microseconds. */
const NOW = 1_776_245_400_000_000
const ORDERS = 6_200
/** More than wait for a STATE: what went out before it is told when it comes again. */
const PRICES = 13_000

/** A tap as a child process; nothing of it is HTTP. A record of another shape is another text, and nothing drifts. */
const trial: Trial = {
  async start({ seed, records, now = NOW }) {
    const folder = await mkdtemp(join(tmpdir(), 'stratum-trial-tap-'))
    const empty = join(folder, 'empty')
    const config: TapSettings = {
      api_key: 'trial-key-5b1f2c',
      seed,
      orders: records ?? ORDERS,
      prices: records === undefined ? PRICES : 0,
      empty_when: empty,
    }
    return {
      config: {
        name: 'trial',
        command: process.execPath,
        args: [fileURLToPath(new URL('./tap.js', import.meta.url))],
        config,
        catalog_option: '--catalog',
        personal: [],
        validate: false,
      },
      address: null,
      now,
      faults: { empty: () => writeFileSync(empty, '') },
      close: () => rm(folder, { recursive: true, force: true }),
    }
  },
}

export default trial

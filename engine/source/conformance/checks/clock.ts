import type { StreamSpec } from '../../port.ts'
import type { Bench } from '../bench.ts'
import type { Check } from '../check.ts'
import { difference, keyOf, type Row } from '../compare.ts'
import { count, failed } from '../result.ts'

/** Behind the nights in which clocks were put forward in Europe and America, 2026. */
const AFTER_DST = Date.UTC(2026, 2, 30, 10, 30) * 1000
const HOUR = 3_600_000_000
/** Hours before the platform's time at which is read, one after the other: over two midnights of any zone. */
const READS_AT = [50, 35.5, 25, 23, 11.5, 1, 0]
/** Of the process: fourteen hours ahead, eleven behind, one with half hours and changing clocks. */
const ZONES = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/St_Johns']

export const clock: Check = {
  name: 'clock',
  title: 'nothing is lost when the day, the zone or the clocks change between reads',
  async run(lab) {
    await lab.reading()
    return lab.with(
      async bench => {
        const streams = await bench.streams()
        for (const stream of streams) await overNights(bench, stream)
        for (const stream of streams) await inZones(bench, stream)
        const dst =
          bench.platform.now === AFTER_DST ? '' : '; its trial has a time of its own: no change of clocks'
        return `${READS_AT.length} reads over two midnights, ${ZONES.length} zones${dst}`
      },
      { now: AFTER_DST },
    )
  },
}

async function overNights(bench: Bench, stream: StreamSpec): Promise<void> {
  const { now } = bench.platform
  const wanted = await bench.records(stream)
  const seen = new Set<string>()
  let state: unknown = null
  for (const hours of READS_AT) {
    const read = await bench.through(stream, { state, now: now - hours * HOUR })
    for (const record of read.records) seen.add(keyOf(stream, record))
    state = read.state
  }
  const lost = wanted.filter(record => !seen.has(keyOf(stream, record)))
  if (lost.length > 0)
    failed(`${stream.name}: read several times over two days, ${count(lost.length, 'record')} never came`)
}

async function inZones(bench: Bench, stream: StreamSpec): Promise<void> {
  const before = process.env.TZ
  const wanted: Row[] = await bench.records(stream)
  try {
    for (const zone of ZONES) {
      process.env.TZ = zone
      const problem = difference(stream, wanted, await bench.records(stream))
      if (problem) failed(`with the machine in ${zone}: ${problem}`)
    }
  } finally {
    if (before === undefined) delete process.env.TZ
    else process.env.TZ = before
  }
}

import type { Check } from '../check.ts'
import { canonical, keyOf, shown } from '../compare.ts'
import { count, failed, inapplicable } from '../result.ts'

export const restated: Check = {
  name: 'restated',
  title: 'figures that the platform has changed since are read again',
  run: lab =>
    lab.with(async bench => {
      const { restate } = bench.platform.faults ?? {}
      if (!restate) return inapplicable('its platform restates nothing')
      const streams = await bench.streams()
      const first = new Map<string, Awaited<ReturnType<typeof bench.through>>>()
      for (const stream of streams) first.set(stream.name, await bench.through(stream))
      restate.call(bench.platform.faults)
      let changed = 0
      for (const stream of streams) {
        const { records, state } = first.get(stream.name)!
        const before = new Map(records.map(record => [keyOf(stream, record), canonical(record)]))
        const now = (await bench.records(stream)).filter(
          record => before.get(keyOf(stream, record)) !== canonical(record),
        )
        const again = await bench.through(stream, { state })
        const read = new Set(again.records.map(canonical))
        const missed = now.filter(record => !read.has(canonical(record)))
        if (missed.length > 0)
          failed(
            `${stream.name}: ${count(missed.length, 'record')} changed on the platform and not read again (${shown(stream, missed[0]!)})`,
          )
        changed += now.length
      }
      if (changed === 0) inapplicable('its trial restated nothing that a stream reads')
      return `${count(changed, 'record')} restated`
    }),
}

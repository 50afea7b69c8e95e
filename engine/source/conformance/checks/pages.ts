import type { Check } from '../check.ts'
import { canonical, keyOf, shown } from '../compare.ts'
import { described } from '../describe.ts'
import { count, failed, inapplicable } from '../result.ts'

export const samePage: Check = {
  name: 'same-page',
  title: 'rows that come twice are neither lost nor made into others',
  run: lab =>
    lab.with(async bench => {
      const { repeatRows } = bench.platform.faults ?? {}
      if (!repeatRows) return inapplicable('no page of its platform repeats rows')
      const streams = await bench.streams()
      const before = new Map<string, Map<string, string>>()
      for (const stream of streams) {
        const records = await bench.records(stream)
        before.set(stream.name, new Map(records.map(record => [keyOf(stream, record), canonical(record)])))
      }
      repeatRows.call(bench.platform.faults)
      let repeated = 0
      for (const stream of streams) {
        const wanted = new Map(before.get(stream.name)!)
        const seen = new Set<string>()
        for (const record of (await bench.through(stream)).records) {
          const key = keyOf(stream, record)
          if (seen.has(key)) repeated++
          seen.add(key)
          const same = before.get(stream.name)!.get(key)
          if (same === undefined)
            failed(`${stream.name}: ${shown(stream, record)} came of a repeated row only`)
          if (same !== canonical(record))
            failed(`${stream.name}: ${shown(stream, record)} is another the second time`)
          wanted.delete(key)
        }
        if (wanted.size > 0) failed(`${stream.name}: ${count(wanted.size, 'record')} lost where rows repeat`)
      }
      return count(repeated, 'repeated row')
    }),
}

export const emptyPage: Check = {
  name: 'empty-page',
  title: 'an empty list ends the stream, without a record and without an error',
  run: lab =>
    lab.with(async bench => {
      const { empty } = bench.platform.faults ?? {}
      if (!empty) return inapplicable('its platform has no empty list')
      const { single = [] } = bench.platform
      const streams = (await bench.streams()).filter(({ name }) => !single.includes(name))
      await lab.baseline()
      empty.call(bench.platform.faults)
      for (const stream of streams) {
        try {
          const first = await bench.through(stream)
          const [record] = first.records
          if (record) failed(`${stream.name}: ${shown(stream, record)} came of an empty list`)
          await bench.through(stream, { state: first.state })
        } catch (error) {
          if (error instanceof Error && 'kind' in error)
            failed(`${stream.name}: it gives ${described(error)}`)
          throw error
        }
      }
    }),
}

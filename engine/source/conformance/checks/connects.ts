import type { Check } from '../check.ts'
import { described } from '../describe.ts'
import { count, failed } from '../result.ts'

export const connects: Check = {
  name: 'connects',
  title: 'check succeeds where all is well, and discover gives streams that were declared',
  async run(lab) {
    if (lab.source.trial === null) failed('it has no trial: nothing stands in for its platform')
    return lab.with(async bench => {
      try {
        await bench.check()
      } catch (error) {
        failed(`check fails where nothing is wrong: it gives ${described(error)}`)
      }
      const declared = new Set(lab.source.streams.map(stream => stream.name))
      const streams = await bench.streams()
      const unknown = streams.filter(stream => !declared.has(stream.name))
      if (unknown.length > 0) failed(`discover gives ${unknown[0]!.name}, which is not declared`)
      if (streams.length === 0) failed('discover gives no stream')
      return count(streams.length, 'stream')
    })
  },
}

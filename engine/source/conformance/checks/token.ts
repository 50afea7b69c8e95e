import type { Check } from '../check.ts'
import { difference } from '../compare.ts'
import { described, natureOf, wrongly } from '../describe.ts'
import { failed, inapplicable, Nonconformity } from '../result.ts'

export const token: Check = {
  name: 'token',
  title: 'an access token that ends in the middle is renewed, or the error asks to connect again',
  run: lab =>
    lab.with(async bench => {
      const { expireToken } = bench.platform.faults ?? {}
      if (!expireToken) return inapplicable('no token of its platform ends')
      let renewed = 0
      const streams = await bench.streams()
      for (const stream of streams) {
        const wanted = await bench.records(stream)
        const records: (typeof wanted)[number][] = []
        try {
          for await (const batch of bench.batches(stream)) {
            if (records.length === 0) expireToken.call(bench.platform.faults)
            records.push(...batch.records)
          }
          // One batch may be all there is.
          expireToken.call(bench.platform.faults)
          const again = await bench.records(stream)
          const problem = difference(stream, wanted, records) ?? difference(stream, wanted, again)
          if (problem) failed(`${problem}, after its token had ended`)
          renewed++
        } catch (error) {
          if (error instanceof Nonconformity) throw error
          // What cannot be renewed ends the connection: the user has to know.
          if ((await bench.tokens.load()) !== null)
            failed(
              `${stream.name}: its token had ended and could be renewed, and it gives ${described(error)}`,
            )
          const problem = wrongly(error, ['credentials'])
          if (problem) failed(`${stream.name}: its token had ended, and ${problem}`)
          if (natureOf(error) === 'credentials') return 'it cannot be renewed, and the error says so'
        }
      }
      return `renewed in each of ${renewed} streams`
    }),
}

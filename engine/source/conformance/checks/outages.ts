import type { Check } from '../check.ts'
import { wrongly } from '../describe.ts'
import type { Fault } from '../proxy/fault.ts'
import { failed } from '../result.ts'
import { eachStream, failureOf, placesIn, survives } from './spoilt.ts'

const SERVER_ERROR: Fault = { kind: 'answer', status: 500, body: '{"error":"sorry"}' }
/** An answer that is silent for so long is given up. Milliseconds. */
const SILENT_MS = 250

/** One answer is spoilt: nothing is lost. All are: the error says that it will pass. */
function outage(name: string, title: string, faults: readonly Fault[], lasting: string | null): Check {
  return {
    name,
    title,
    run: lab =>
      lab.over(async bench => {
        await eachStream(lab, bench, async clean => {
          for (const fault of faults)
            for (const at of placesIn(clean.requests)) await survives(bench, clean, at, fault)
          if (lasting === null) return
          const error = await failureOf(bench, clean.stream, faults[0]!, lasting)
          const problem = wrongly(error, ['retryable'])
          if (problem) failed(`${clean.stream.name}: while ${lasting} lasts, ${problem}`)
        })
      }),
  }
}

export const serverError = outage(
  'server-error',
  'a 500 costs nothing; while it lasts, the error says that it will pass',
  [SERVER_ERROR],
  'a 500',
)

export const dropped = outage(
  'dropped',
  'a dropped connection costs nothing; while it lasts, the error says that it will pass',
  [{ kind: 'drop' }],
  'a dropped connection',
)

export const truncated = outage(
  'truncated',
  'half a body costs nothing, whether the connection ended in it or something cut it',
  [{ kind: 'cut' }, { kind: 'half' }],
  null,
)

export const timeOut: Check = {
  name: 'time-out',
  title: 'an answer that does not come is given up and asked for again',
  run: lab =>
    lab.over(async bench => {
      await eachStream(lab, bench, async clean => {
        const at = Math.ceil(clean.requests / 2)
        await survives(bench, clean, at, { kind: 'silent' }, { pace: { silentMs: SILENT_MS } })
      })
    }),
}

import type { Received } from '../../../delivery.ts'
import type { Bench } from '../../bench.ts'
import type { Check } from '../../check.ts'
import { keyOf } from '../../compare.ts'
import { described, natureOf } from '../../describe.ts'
import type { Lab } from '../../lab.ts'
import { count, failed } from '../../result.ts'
import { declared, refused, taken } from './refused.ts'
import { reshaped } from './reshape.ts'

/** Where a body is cut, as shares of it. */
const CUTS = [0, 0.01, 0.25, 0.5, 0.75, 0.99]

/**
 * A body may lose its end on the way, and then its signature is wrong; or its sender signs what is half or of another
 * shape, and sending that again would change nothing: it is a rejected row, or a payload error.
 */
export const mangled: Check = {
  name: 'mangled',
  title: 'a delivery that is cut or of another shape gives no record that was not sent, and no crash',
  run: lab =>
    lab.delivering((bench, { bodies, signed }) => {
      const { now } = bench.platform
      const known = new Set<string>()
      for (const [i, body] of bodies.entries())
        for (const key of keysIn(lab, taken(bench, signed(body, now), `delivery ${i + 1}`))) known.add(key)
      let rejected = 0
      for (const share of CUTS) {
        const [body] = bodies
        const cut = body!.subarray(0, Math.floor(body!.length * share))
        refused(bench, { ...signed(body!, now), body: cut }, 'a delivery that was cut on its way')
        rejected += clear(lab, bench, signed(cut, now), known, 'a body that ends early', true)
      }
      for (const body of bodies.slice(0, 2))
        for (const { what, text, mayBeKey } of reshaped(body))
          rejected += clear(lab, bench, signed(Buffer.from(text), now), mayBeKey ? null : known, what, false)
      return count(rejected, 'rejected row')
    }),
}

/** How many rows were rejected. */
function clear(
  lab: Lab,
  bench: Bench,
  delivery: Parameters<Bench['receive']>[0],
  known: ReadonlySet<string> | null,
  what: string,
  isLost: boolean,
): number {
  let received: Received
  try {
    received = bench.receive(delivery)
  } catch (error) {
    if (natureOf(error) === 'payload') return 1
    return failed(`${what}: it gives ${described(error)}`)
  }
  const rows = received.batches.flatMap(batch => batch.rejected ?? [])
  const vague = rows.find(({ reason }) => reason.trim() === '' || /[\r\n]|\[object|undefined/.test(reason))
  if (vague) failed(`${what}: a rejected row without a clear reason: ${JSON.stringify(vague.reason)}`)
  for (const key of keysIn(lab, received))
    if (known !== null && !known.has(key))
      failed(`${what}: it gives a record that was not sent (${key.slice(0, 80)})`)
  if (isLost && rows.length === 0) failed(`${what}: it is gone without a rejected row`)
  return rows.length
}

function keysIn(lab: Lab, { batches }: Received): string[] {
  return batches.flatMap(({ stream, records }) => {
    const spec = declared(lab, stream)
    return records.map(record => `${stream} ${keyOf(spec, record)}`)
  })
}

import type { Received } from '../../../delivery.ts'
import type { Check } from '../../check.ts'
import { canonical, type Row, shown } from '../../compare.ts'
import { mismatch } from '../../match.ts'
import { count, failed } from '../../result.ts'
import { keysOf } from '../primary-key.ts'
import { declared, taken } from './refused.ts'

/** A sender that heard no answer sends again, some seconds later. Microseconds. */
const AGAIN_US = 5_000_000

export const delivered: Check = {
  name: 'delivered',
  title: 'what is delivered becomes records that match their schema; delivered twice it is the same record',
  run: lab =>
    lab.delivering(async (bench, { bodies, signed }) => {
      const accepts = await lab.accepts()
      const { now } = bench.platform
      const all = new Map<string, Row[]>()
      let syncs = 0
      for (const [i, body] of bodies.entries()) {
        const what = `delivery ${i + 1}`
        const first = taken(bench, signed(body, now), what)
        const later = now + AGAIN_US
        sameAs(first, taken(bench, signed(body, now), `${what}, sent again,`, { now: () => later }), what)
        sameAs(first, taken(bench, signed(body, later), `${what}, signed again,`, { now: () => later }), what)
        if (first.sync) syncs++
        for (const { stream, records } of first.batches)
          all.set(stream, [...(all.get(stream) ?? []), ...records])
      }
      let rows = 0
      for (const [name, records] of all) {
        const stream = declared(lab, name)
        rows += keysOf(stream, records).size
        for (const record of records) {
          const problem = accepts(stream, record) ?? mismatch(stream, record)
          if (problem) failed(`${problem} (record with ${shown(stream, record)})`)
        }
      }
      if (rows === 0 && syncs === 0) failed('no delivery gives a record or asks for a sync')
      return `${count(bodies.length, 'delivery', 'deliveries')}, ${count(rows, 'record')}`
    }),
}

/** Repeats are told by their key, and the first counts: the second must not differ from it. */
function sameAs(first: Received, again: Received, what: string): void {
  if (canonical(first.batches.map(of)) !== canonical(again.batches.map(of)))
    failed(`${what}, sent a second time, gives other records: it would count twice or change`)
}

const of = ({ stream, records }: Received['batches'][number]) => ({ stream, records })

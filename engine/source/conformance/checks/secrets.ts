import type { Check } from '../check.ts'
import type { Lab } from '../lab.ts'
import { always, type Fault } from '../proxy/fault.ts'
import { count, failed, inapplicable } from '../result.ts'
import { formsOf } from '../secrets.ts'
import type { Proxied } from './spoilt.ts'

/** A shorter text is found anywhere. */
const LEAST = 4
/** In data, where chance has more room. */
const LEAST_IN_DATA = 8

const ECHOES: Fault[] = [200, 400, 401, 403, 404, 429, 500].map(status => ({
  kind: 'answer',
  status,
  echo: true,
  headers: { 'retry-after': '3600' },
}))

/** The last check: it looks through everything that was said in all of them. */
export const secrets: Check = {
  name: 'secrets',
  title: 'no secret is in a message, notice, error, rejected row, record or state, nor printed',
  async run(lab) {
    await lab.with(async bench => {
      if (bench.proxy !== null) await echoed(bench as Proxied)
      await bench.check().catch(() => {})
    })
    const { streams, reads } = await lab.baseline()
    for (const { name } of streams)
      for (const { records } of reads.get(name)!)
        if (records.length > 0) lab.said.add(`a record of stream ${name}`, JSON.stringify(records, bigAsText))
    const known = [...lab.secrets].filter(secret => secret.length >= LEAST)
    if (known.length === 0) inapplicable('it has no secret')
    const texts = search(lab, known)
    return `${count(known.length, 'secret')} looked for in ${count(texts, 'text')}`
  },
}

/** A platform that says in its answers what it was sent. */
async function echoed(bench: Proxied): Promise<void> {
  await bench.check().catch(() => {})
  for (const fault of ECHOES) {
    bench.proxy.spoil(always(fault))
    await bench.check().catch(() => {})
    for (const stream of bench.source.streams.slice(0, 3)) await bench.all(stream).catch(() => {})
    bench.proxy.spoil(null)
  }
}

function search(lab: Lab, known: readonly string[]): number {
  const forms = known.flatMap(secret =>
    formsOf(secret).map(form => ({ form, data: secret.length >= LEAST_IN_DATA })),
  )
  let texts = 0
  for (const { where, text } of lab.said.all) {
    texts++
    const isData = /^a (record|state) of /.test(where)
    if (forms.some(({ form, data }) => (data || !isData) && text.includes(form)))
      failed(`a secret is in ${where}`)
  }
  return texts
}

const bigAsText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value)

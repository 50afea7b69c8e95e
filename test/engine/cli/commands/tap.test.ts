import t from 'tap'
import { CSV, fails, GA4, place } from './place.ts'

const { stratum, json, rows } = place(t)

interface Tapped {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly tenant: string
  readonly kind: string | null
  readonly value: Readonly<Record<string, unknown>>
}

t.before(async () => {
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'acme')
})

t.test('decoded records: one a line, an array, or a line for a person', async t => {
  const all = await rows<Tapped>('tap', 'facts')
  t.equal(all.filter(r => r.kind === 'ad_report').length, 4)
  t.equal(all.filter(r => r.kind === 'event').length, 3)
  t.match(
    all.find(r => r.kind === 'ad_report'),
    {
      topic: 'stratum.facts',
      offset: Number,
      tenant: 'demo',
      key: 'demo',
      event_id: /^[0-9a-f]{32}$/,
      time: '2026-01-15T12:00:00.000000Z',
      value: { date: '2026-01-10', ad_id: 'x1', spend_micros: 12_500_000, revenue_micros: null },
    },
  )
  t.same(await json('tap', 'stratum.facts'), all, 'the full name does as well')
  const { out, err } = await stratum('tap', 'facts')
  t.equal(err, '')
  const lines = out.trimEnd().split('\n')
  t.equal(lines.length, all.length)
  t.match(lines[0], /^2026-01-15T12:00:00\.000000Z {2}facts\/\d@\d+ {2}\w+ {2}\w+ {2}.*\{"tenant_id":/)
})

t.test('of one tenant, so many of them, from a place on', async t => {
  const all = await rows<Tapped>('tap', 'facts')
  const acme = all.filter(r => r.tenant === 'acme')
  t.same(await rows('tap', 'facts', '--tenant', 'acme'), acme)
  t.same(await rows('tap', 'facts', '--tenant', 'nobody'), [])
  t.same(await rows('tap', 'facts', '--count', '2'), all.slice(0, 2))
  const { partition } = acme[0]!
  const rest = all.filter(r => r.partition === partition && r.offset >= 2)
  t.ok(rest.length > 0)
  t.same(await rows('tap', 'facts', '--partition', String(partition), '--from', '2'), rest)
  t.same(await rows('tap', 'facts', '--from', 'latest'), [], 'where no engine runs nothing comes')
})

t.test('topics of the engine itself can be looked at, too', async t => {
  t.match(await rows('tap', 'schemas', '--count', '1'), [
    { kind: 'json', value: Object, tenant: null, event_id: null },
  ])
})

t.test('nobody is shown: neither in records nor in what was refused before it got a pseudonym', async t => {
  const topics = await json<{ topic: string }[]>('topics')
  for (const { topic } of topics) {
    const { code, out, err } = await stratum('tap', topic, '--ndjson')
    t.equal(code, 0, topic)
    t.notMatch(out + err, /eve@|111\.222/, topic)
  }
})

t.test('it changes nothing', async t => {
  const before = [await json('lag', '--partitions'), await json('topics', '--partitions')]
  await rows('tap', 'raw.csv')
  t.same([await json('lag', '--partitions'), await json('topics', '--partitions')], before)
})

t.test('mistakes are one line with the nearest name: exit 2', async t => {
  const cases: [string[], RegExp][] = [
    [[], /missing required argument 'topic'/],
    [['fatcs'], /no topic fatcs \(did you mean "facts"\?\); there are: .*raw\.ga4/],
    [['facts', '--from', 'yesterday'], /--from is earliest, latest or an offset, not yesterday/],
    [['facts', '--from', '99999'], /offset 99999 is past the end of stratum\.facts/],
    [['facts', '--partition', '9'], /has 2 partitions: the last one is 1/],
    [['facts', '--count', '0'], /whole number, at least 1/],
    [['facts', '--tennant', 'x'], /unknown option '--tennant' \(Did you mean --tenant\?\)/],
  ]
  for (const [args, says] of cases) fails(t, await stratum('tap', ...args), 2, says)
})

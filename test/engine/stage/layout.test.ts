import fc from 'fast-check'
import t from 'tap'
import { deadLetterKind } from '../../../engine/deadletter/dead-letter.ts'
import { partitionOf } from '../../../engine/log/partition.ts'
import type { Source } from '../../../engine/source/port.ts'
import { type Bases, Layout } from '../../../engine/stage/layout.ts'
import type { Application, Task } from '../../../engine/stage/topology.ts'
import { app as stratum } from '../../../stratum.ts'
import { standard } from '../../support/engine.ts'

const counts = { raw: 2, facts: 3, persons: 4 }

const task = (name: string, from: string, emits: string[] = [], to?: string): Task => ({
  name,
  from,
  stages: [],
  emits,
  ...(to ? { to } : {}),
})

const appOf = (sources: string[], tasks: Task[]): Application => ({
  sources: sources.map(id => ({ id, streams: [] }) as unknown as Source),
  topics: [
    { name: 'facts', route: 'key', cleanup: 'delete', kinds: [] },
    { name: 'persons', route: 'key', cleanup: 'delete', kinds: [] },
    { name: 'results', route: 'input', cleanup: 'delete', kinds: [] },
    { name: 'deadletters', route: 'input', cleanup: 'delete', kinds: [deadLetterKind] },
    { name: 'switch', route: 'key', cleanup: 'compact', kinds: [] },
  ],
  tasks,
  tables: [],
})

const collect = task('collect', 'raw', [], 'facts')
const tenant = task('tenant', 'facts', ['persons', 'results'])
const person = task('person', 'persons', ['results'])
const layoutOf = (app: Application, known?: Bases) =>
  new Layout(app, counts, topic => (topic === 'facts' ? 5 : undefined), known)

const partitionsOf = (layout: Layout) =>
  Object.fromEntries(layout.topics.map(topic => [topic.name, topic.partitions]))

t.test('topics and their partitions follow from the application and the settings', async t => {
  const layout = layoutOf(appOf(['ga4', 'csv'], [collect, tenant, person]))
  t.strictSame(partitionsOf(layout), {
    'stratum.raw.ga4': 2,
    'stratum.raw.csv': 2,
    'stratum.facts': 3,
    'stratum.persons': 4,
    // The tenant task has 3 partitions, the person task 4.
    'stratum.results': 7,
    // Both connectors and every task: 2 + 2 + (2 + 2) + 3 + 4.
    'stratum.deadletters': 15,
    // Without a setting of its own: as facts.
    'stratum.switch': 3,
  })
  const topic = (name: string) => layout.topics.find(t => t.name === `stratum.${name}`)
  t.match(topic('facts'), { cleanup: 'delete', growable: false, retentionMs: 5 })
  t.match(topic('results'), { growable: true, retentionMs: undefined })
  t.match(topic('switch'), { cleanup: 'compact' })
  t.strictSame(layout.inputs(appOf(['ga4', 'csv'], []), collect), ['stratum.raw.ga4', 'stratum.raw.csv'])
  t.strictSame(layout.inputs(appOf([], []), person), ['stratum.persons'])
  t.equal(layout.partitions('facts'), layout.partitions('stratum.facts'))
})

t.test(
  'the state in force has no age: a topic of it was planned with the days of a record, and differed for ever',
  async t => {
    const app = appOf([], [])
    const { topics } = new Layout(app, counts, () => 5)
    t.equal(topics.find(topic => topic.name === 'stratum.switch')!.retentionMs, undefined)
    t.equal(topics.find(topic => topic.name === 'stratum.facts')!.retentionMs, 5)
  },
)

t.test('every writing fold of a topic of results has a partition of its own', async t => {
  const app = appOf(['ga4', 'csv'], [collect, tenant, person])
  const layout = layoutOf(app)
  for (const topic of ['results', 'deadletters']) {
    const writers = [
      ...(topic === 'deadletters' ? app.sources.map(s => [`connect:stratum.raw.${s.id}`, 2] as const) : []),
      ...app.tasks
        .filter(task => topic === 'deadletters' || task.emits?.includes(topic))
        .flatMap(task =>
          layout.inputs(app, task).map(input => [`${task.name}:${input}`, layout.partitions(input)] as const),
        ),
    ]
    const dealt = writers.flatMap(([writer, inputs]) =>
      Array.from({ length: inputs }, (_, p) => layout.route(writer, p, topic, 'any key')),
    )
    t.equal(new Set(dealt).size, dealt.length, `${topic}: none shares one`)
    t.equal(dealt.length, layout.partitions(topic), `${topic}: none is left over`)
    t.equal(Math.max(...dealt), dealt.length - 1)
  }
})

t.test('a keyed topic goes by its key, whoever writes', async t => {
  const layout = layoutOf(appOf(['ga4'], [collect, tenant, person]))
  fc.assert(
    fc.property(fc.string(), fc.nat(3), (key, input) => {
      const partition = layout.route('tenant:stratum.facts', input, 'persons', key)
      return partition === partitionOf(key, 4) && partition >= 0 && partition < 4
    }),
  )
  t.pass()
})

t.test('a later release adds partitions of results and moves none', async t => {
  const name = fc.constantFrom('ga4', 'csv', 'meta', 'shop')
  const some = fc.subarray([
    tenant,
    person,
    task('trust', 'facts', ['results']),
    task('rules', 'persons', ['results']),
  ])
  const release = fc.tuple(fc.uniqueArray(name), some).map(([ids, tasks]) => appOf(ids, [collect, ...tasks]))
  fc.assert(
    fc.property(fc.array(release, { minLength: 2, maxLength: 5 }), releases => {
      let known: Bases = new Map()
      let before = new Map<string, number>()
      for (const app of releases) {
        const layout = layoutOf(app, known)
        for (const [writer, base] of known)
          if (writer.includes('>') && layout.bases.get(writer) !== base) return false
        const taken = [...layout.bases]
          .filter(([writer]) => writer.endsWith('>results'))
          .map(([, base]) => base)
        if (new Set(taken).size !== taken.length) return false
        const now = new Map(layout.topics.map(topic => [topic.name, topic.partitions]))
        for (const name of ['stratum.results', 'stratum.deadletters'])
          if ((now.get(name) ?? 0) < (before.get(name) ?? 0)) return false
        before = now
        known = layout.bases
      }
      return true
    }),
  )
  t.pass()
})

t.test(
  "the application's own topics: a fold of results for every input, a table for every result",
  async t => {
    const app = stratum(standard)
    const layout = layoutOf(app)
    const names = layout.topics.map(topic => topic.name)
    for (const table of app.tables) t.ok(names.includes(`stratum.${table.from.topic}`), table.name)
    for (const task of app.tasks)
      for (const topic of [...(task.emits ?? []), ...(task.to ? [task.to] : [])])
        t.ok(
          app.topics.some(t => t.name === topic),
          `${task.name} writes ${topic}`,
        )
  },
)

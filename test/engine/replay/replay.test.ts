import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runTicker } from '../../../engine/clock/ticker.ts'
import { commandKind } from '../../../engine/command/command.ts'
import { deadLetterKind, letterOfRecord } from '../../../engine/deadletter/dead-letter.ts'
import type { StoredRecord } from '../../../engine/log/port.ts'
import type { TopicReplayed } from '../../../engine/replay/replay.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { topicName } from '../../../engine/stage/layout.ts'
import type { Stage, StageContext } from '../../../engine/stage/stage.ts'
import type { Application } from '../../../engine/stage/topology.ts'
import type { AdReportFact } from '../../../pipelines/ingest/facts.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { app, House } from './house.ts'

t.setTimeout(240_000)
let house: House
t.before(async () => {
  house = await House.filled(temporaryFolder(t))
})

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

const verdicts = (topics: readonly TopicReplayed[]) =>
  Object.fromEntries(topics.map(({ topic, compared }) => [topic, compared]))

/** The application with another stage of a name. */
const withStage = (name: string, change: (stage: Stage) => Stage): Application => ({
  ...app,
  tasks: app.tasks.map(task => ({
    ...task,
    stages: task.stages.map(stage => (stage.name === name ? change(stage) : stage)),
  })),
})

t.test(
  'three weeks of simulated events and ads: every task writes what it wrote live, byte for byte',
  async t => {
    for (const task of app.tasks) {
      const again = await house.replay(task.name)
      t.match(again, { compared: 'equal', difference: null, notes: [], stage: null }, task.name)
      t.ok(again.topics.every(topic => topic.compared === 'equal' && topic.same === topic.records))
      // A touch is a session, not an event; and no experiment ran.
      const least: Readonly<Record<string, number>> = { touches: 100, credits: 100, 'experiment-parts': 0 }
      t.ok(again.records_read >= (least[task.from] ?? 1_000), task.name)
      t.equal(again.records_written, sum(again.topics.map(topic => topic.records)))
      for (const { topic, records } of again.topics) {
        const lines = again.lines(topic.replace('stratum.', ''))
        t.equal(lines.length, records, topic)
        t.equal(lines.filter(line => line.value === null).length, 0)
      }
      t.equal((await house.replay(task.name)).hash, again.hash, 'the same hash every time')
    }
  },
)

t.test('what is refused is compared, too, and what a line says', async t => {
  const { topics, lines } = await house.replay('collect')
  t.match(topics, [{ topic: 'stratum.facts' }, { topic: 'stratum.deadletters', records: 3, same: 3 }])
  const letters = lines('deadletters').map(({ tenant, from, number, value }) => [
    tenant,
    from,
    number,
    value.stage,
  ])
  t.same(letters.sort(), [
    ['acme', 'stratum.raw.csv/0', 1, 'normalise'],
    ['bistro', 'stratum.raw.csv/1', 0, 'normalise'],
    ['demo', 'stratum.raw.csv/0', 0, 'normalise'],
  ])
  const [first] = lines('facts')
  t.match(first, {
    topic: 'stratum.facts',
    number: 0,
    tenant: String,
    kind: String,
    value: { tenant_id: String },
  })
  t.match(first!.from, /^stratum\.raw\.\w+\/\d+$/)
})

t.test('a folder has the summary and a file a topic, and nothing else', async t => {
  const out = house.out()
  const { hash, compared } = await house.replay('person', { out })
  t.same(readdirSync(out).sort(), [
    ...[
      'deadletters.ndjson',
      'experiment-parts.ndjson',
      'metrics.ndjson',
      'sessions.ndjson',
      'summary.json',
      'touches.ndjson',
    ],
  ])
  t.match(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')), { hash, compared })
})

t.test('another version of a stage is found, and where it first differs is named', async t => {
  const dearer = withStage('ad-metrics', stage => ({
    ...stage,
    on: {
      ad_report(state: unknown, report: never, ctx: StageContext) {
        const { spend_micros: spend, ...rest } = report as AdReportFact
        stage.on.ad_report!(state, { ...rest, spend_micros: spend === null ? null : spend + 1 } as never, ctx)
      },
    },
  }))
  const { compared, topics, difference } = await house.replay('tenant', {}, dearer)
  t.equal(compared, 'different')
  t.match(verdicts(topics), {
    'stratum.persons': 'equal',
    'stratum.metrics': 'different',
    'stratum.entities': 'equal',
    'stratum.deadletters': 'equal',
  })
  t.match(difference, { topic: 'stratum.metrics', index: Number, offset: Number })
  const { live, replayed } = difference! as unknown as Record<'live' | 'replayed', { value: AdReportFact }>
  t.equal(replayed.value.spend_micros, live.value.spend_micros! + 1)
  t.same({ ...replayed.value, spend_micros: 0 }, { ...live.value, spend_micros: 0 })
})

/** Another handler of ad reports around the one there is. */
const handled = (change: (emit: () => void, report: AdReportFact) => void) =>
  withStage('ad-metrics', stage => ({
    ...stage,
    on: {
      ad_report: (state: unknown, report: never, ctx: StageContext) =>
        change(() => stage.on.ad_report!(state, report, ctx), report),
    },
  }))

t.test('a stage that forgets a record is found by the first one after it', async t => {
  let left = 3
  const forgetful = handled(emit => {
    if (left-- !== 0) emit()
  })
  const less = await house.replay('tenant', {}, forgetful)
  t.match(verdicts(less.topics), { 'stratum.metrics': 'different' })
  t.not(less.difference!.live, null)
})

t.test('a stage that crashed in a replay was tried for ever: nobody listened, so nobody counted', async t => {
  const crashing = handled((emit, report) => {
    if (report.ad_id === 'x1' && report.tenant_id === 'acme') throw new Error('unlucky')
    emit()
  })
  const refused = await house.replay('tenant', {}, crashing)
  t.match(verdicts(refused.topics), {
    'stratum.persons': 'equal',
    'stratum.metrics': 'different',
    'stratum.deadletters': 'different',
  })
  t.match(refused.lines('deadletters')[0], { value: { stage: 'ad-metrics', reason: /unlucky/ } })
})

t.test('a stage: its task runs, and what the stage has made is kept', async t => {
  const kinds = (lines: readonly { kind: string }[]) => [...new Set(lines.map(l => l.kind))].sort()
  const metrics = await house.replay('ad-metrics')
  t.match(metrics, { task: 'tenant', stage: 'ad-metrics', compared: 'equal' })
  t.same(kinds(metrics.lines('metrics')), ['ad_metrics'])
  t.same(metrics.lines('persons'), [])
  const persons = await house.replay('to-persons')
  t.same(kinds(persons.lines('persons')), ['event', 'tick'])
  t.same(persons.lines('metrics'), [])
  const whole = await house.replay('collect')
  const normalised = await house.replay('normalise')
  t.equal(normalised.lines('facts').length, whole.lines('facts').length, 'what it handed on and came out')
  t.equal(normalised.lines('deadletters').length, 3)
  const once = await house.replay('deduplicate')
  t.same(
    kinds(once.lines('facts')).filter(kind => kind === 'event'),
    ['event'],
    'what passed it',
  )
  t.same(once.lines('deadletters'), [])
})

t.test('from and to keep a stretch of the outputs, with the state of all that was before', async t => {
  const whole = await house.replay('person')
  for (const at of ['3', '2026-04-15T18:00:00Z', '2020-01-01', '2040-01-01']) {
    const before = await house.replay('person', { to: at })
    const after = await house.replay('person', { from: at })
    for (const topic of ['sessions', 'metrics', 'touches']) {
      const values = (lines: readonly { value: unknown }[]) => lines.map(l => JSON.stringify(l.value)).sort()
      t.same(
        values([...before.lines(topic), ...after.lines(topic)]),
        values(whole.lines(topic)),
        `${topic} at ${at}`,
      )
    }
    t.match([before.compared, after.compared], ['equal', 'equal'])
    t.equal(after.records_read, whole.records_read)
  }
  const some = await house.replay('person', { from: '3', to: '40' })
  t.ok(some.records_read < whole.records_read)
  t.not(some.hash, whole.hash)
})

t.test('a tenant alone: its records are read, and compared with its own', async t => {
  const acme = await house.replay('collect', { tenant: 'acme' })
  t.match(acme, { compared: 'equal', tenant: 'acme' })
  t.ok(acme.lines('facts').length >= 1)
  t.ok(acme.lines('facts').every(line => line.tenant === 'acme'))
  t.equal(acme.topics[0]!.same, acme.lines('facts').length)
  t.match(await house.replay('tenant', { tenant: 'nobody' }), {
    records_read: 0,
    records_written: 0,
    compared: 'equal',
  })
})

t.test('without comparing', async t => {
  const { compared, topics, hash } = await house.replay('tenant', { compare: false })
  t.equal(compared, 'not compared')
  t.ok(topics.every(topic => topic.why === 'nobody asked for it'))
  t.equal(hash, (await house.replay('tenant')).hash)
})

t.test('names, places and folders that are wrong', async t => {
  const cases: [Parameters<House['replay']>, RegExp][] = [
    [['persons'], /no task or stage persons \(did you mean "person"\?\); there are: collect, normalise, /],
    [['sesions'], /did you mean "sessions"\?/],
    [['person', { from: 'now' }], /--from now is neither an offset nor an instant/],
    [['person', { from: '5', to: '5' }], /--to 5 is not after --from 5/],
    [['person', { from: '999999' }], /--from 999999: offset 999999 is past the end of every partition/],
  ]
  for (const [[pipeline, asked], message] of cases) {
    const out = house.out()
    await t.rejects(house.replay(pipeline, { ...asked, out }), { code: 'USAGE', message }, String(message))
    t.notOk(existsSync(out), 'nothing is left')
  }
  const full = house.out()
  mkdirSync(full)
  writeFileSync(join(full, 'mine.txt'), 'mine')
  await t.rejects(house.replay('person', { out: full }), { code: 'USAGE', message: /is not empty/ })
  t.same(readdirSync(full), ['mine.txt'])
  await t.rejects(house.replay('person', { out: join(full, 'mine.txt') }), {
    code: 'USAGE',
    message: /is a file/,
  })
})

t.test('who stops it half way finds the folder as it was, and can begin again', async t => {
  const out = house.out()
  mkdirSync(out)
  const stop = new AbortController()
  const onProgress = (done: number, total: number) => {
    if (done < total) stop.abort(new Error(`enough after ${done}`))
  }
  const around = { signal: stop.signal, onProgress }
  await t.rejects(house.replay('collect', { out }, app, around), { message: /^enough after \d+$/ })
  t.same(readdirSync(out), [])
  t.match(await house.replay('collect', { out }), { compared: 'equal' })
})

t.test('records that others write to the topics of tasks are no difference', async t => {
  const stop = new AbortController()
  await house.change(async ({ log, codec, app, layout, registry }) => {
    for (const kind of kindsOf(app)) await codec.register(kind)
    const ticking = runTicker({
      log,
      codec,
      clock: () => 1_776_300_000_000_000,
      topic: topicName('facts'),
      partitions: layout.partitions('facts'),
      everyMs: 3_600_000,
      tenants: () => {
        // One round of it.
        stop.abort()
        return ['demo', 'acme']
      },
      signal: stop.signal,
    })
    await ticking
    const writer = await log.writer('test')
    const batch = await log.read(topicName('facts'), 0, 0, { maxRecords: 1 })
    const [first] = batch!.records
    const replayed = { ...first!, headers: { only: 'ad-metrics' } }
    const command = {
      tenant_id: 'demo',
      event_id: 'c1',
      event_time: first!.time,
      ingest_time: first!.time,
      command: 'nothing.known',
      actor: 'eve',
      role: 'ADMIN',
      reason: null,
      body: '{}',
    }
    const asked = { key: Buffer.from('demo'), value: codec.encode(commandKind, command), time: first!.time }
    // A table's letter, in the partition where `collect` has its own of raw.csv/0.
    const about = { stage: 'events', reason: 'too long', generation: '1' }
    const letter = letterOfRecord(first!, { topic: topicName('facts'), partition: 0 }, about)
    const refused = { key: first!.key, value: codec.encode(deadLetterKind, letter), time: first!.time }
    await writer.commit({
      appends: [
        { topic: topicName('facts'), partition: 0, records: [replayed, asked] },
        {
          topic: topicName('deadletters'),
          partition: layout.route('collect:stratum.raw.csv', 0, 'deadletters', ''),
          records: [refused],
        },
      ],
    })
    await registry.close()
  })
  t.match(await house.replay('collect'), { compared: 'equal' })
  const tenant = await house.replay('tenant')
  t.match(tenant, { compared: 'equal' }, 'what the live task has not read yet is folded, not compared')
  t.ok(tenant.topics[0]!.records > tenant.topics[0]!.same)
})

t.test('a record more in the log than the task would have written', async t => {
  await house.change(async ({ log }) => {
    const topic = topicName('facts')
    const batch = await log.read(topic, 0, 0, { maxRecords: 1 })
    const writer = await log.writer('test')
    await writer.commit({ appends: [{ topic, partition: 0, records: [{ ...batch!.records[0]!, time: 1 }] }] })
  })
  const { compared, difference, topics } = await house.replay('collect')
  t.match(
    { compared, difference },
    {
      compared: 'different',
      difference: { topic: 'stratum.facts', partition: 0, replayed: null, live: Object },
    },
  )
  t.equal(difference!.offset! > 0, true)
  t.match(topics[1], { compared: 'equal' })
})

t.test('once the earliest records have gone it says so, and compares nothing', async t => {
  const spare = await House.filled(temporaryFolder(t), {
    retentionMs: topic => (topic === 'facts' ? 1 : undefined),
  })
  t.match(await spare.replay('tenant'), { compared: 'equal' })
  const topic = topicName('facts')
  let kept: readonly StoredRecord[] = []
  await spare.change(async ({ log }) => {
    kept = (await log.read(topic, 0, 0, { maxRecords: 3 }))!.records
    await log.clean(1_900_000_000_000_000)
  })
  const { compared, topics, notes, records_read } = await spare.replay('tenant')
  t.match({ compared, records_read }, { compared: 'not compared', records_read: 0 })
  t.match(notes, [])
  t.ok(topics.every(({ why }) => /^the records of stratum\.facts\/\d before offset \d+ have gone/.test(why!)))
  await spare.change(async ({ log }) => {
    const writer = await log.writer('test')
    await writer.commit({ appends: [{ topic, partition: 0, records: kept }] })
  })
  const rest = await spare.replay('tenant')
  t.match(rest, { compared: 'not compared', records_read: 3 })
  t.match(rest.notes, [
    /^stratum\.facts\/0 begins at offset \d+: what was before has gone with its retention/,
  ])
  t.match((await spare.replay('collect')).topics, [
    { topic: 'stratum.facts', compared: 'not compared', why: /stratum\.facts\/\d before offset/ },
    { topic: 'stratum.deadletters', compared: 'equal' },
  ])
})

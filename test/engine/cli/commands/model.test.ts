import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { temporaryFolder } from '../../../support/folder.ts'
import { documents, json, type Result, run, STRATUM } from '../../../support/program.ts'

interface Scored {
  readonly timestamp: string
  readonly value: number | null
  readonly score: number | null
  readonly alert: boolean
}

/** Hours from the first of January: ten, and what is said otherwise. */
const hours = (n: number, other: Readonly<Record<number, string>> = {}): string =>
  [
    'timestamp,value',
    ...Array.from({ length: n }, (_, i) => {
      const at = new Date(Date.UTC(2026, 0, 1, i)).toISOString()
      return `${at},${other[i] ?? 10}`
    }),
  ].join('\n')

const file = (t: Test, content: string): string => {
  const path = join(temporaryFolder(t), 'series.csv')
  writeFileSync(path, content)
  return path
}

async function piped(input: string, ...args: string[]): Promise<Result> {
  const child = spawn(process.execPath, [STRATUM, ...args], { stdio: 'pipe' })
  const [out, err, closed] = [text(child.stdout), text(child.stderr), once(child, 'close')]
  child.stdin.end(input)
  return { out: await out, err: await err, code: (await closed)[0] as number | null }
}

t.test('anomaly: a row for every row of the file, in its order; a gap is not a zero', async t => {
  const path = file(t, hours(64, { 55: '', 60: '30' }))
  const rows = await json<Scored[]>(['model', 'anomaly', path])
  t.equal(rows.length, 64)
  t.ok(
    rows.slice(0, 48).every(row => row.score === null && !row.alert),
    'warming up',
  )
  t.match(rows[55], { value: null, score: null, alert: false })
  t.match(rows[54], { value: 10, score: 0 })
  t.match(rows[60], { timestamp: '2026-01-03T12:00:00.000Z', value: 30, score: 20, alert: true })
  const { out } = await run(['model', 'anomaly', path, '--ndjson'])
  t.same(documents(out), rows)
})

t.test('anomaly: what is wrong with a file is said with its line', async t => {
  const says = async (content: string, message: RegExp, ...more: string[]) =>
    t.match(await run(['model', 'anomaly', file(t, content), ...more]), { code: 1, err: message })
  await says('timestamp,value\n2026-02-30,1', /line 2: timestamp "2026-02-30" is no time: 2026-01-15/)
  await says('timestamp,value\n2026-01-02,many', /line 2: value "many" is no number; a gap is left empty/)
  await says('timestamp,value\n2026-01-02,1\n2026-01-01,1', /line 3: .* is before the one above it/)
  await says('time,value\n', /line 1: there is no column timestamp; there are: time, value/)
  t.match(await run(['model', 'anomaly', 'nowhere.csv']), { code: 1, err: /there is no file nowhere\.csv/ })
  t.match(await run(['model', 'anomaly', file(t, hours(2)), '--zone', 'Nowhere']), {
    code: 2,
    err: /--zone Nowhere is no zone/,
  })
  t.match(await run(['model', 'anomaly', file(t, hours(2)), '--detector', 'oracle']), {
    code: 2,
    err: /record, seasonal, zscore/,
  })
})

t.test('trust: an answer for each line, and a line that is none is named', async t => {
  const lines = [
    '{"emq":80.6,"freshness":100,"variance":70,"anomaly":100,"action_class":"risk_increasing"}',
    '',
    '{"emq":null,"freshness":100,"variance":90,"anomaly":90,"action_class":"protective"}',
  ]
  const { code, out } = await piped(lines.join('\n'), 'model', 'trust')
  t.equal(code, 0)
  t.match(documents(out), [
    { score: 86.24, status: 'HEALTHY', effective_status: 'HEALTHY', gate: 'PASS', caps: [] },
    { gate: 'HOLD', effective_status: 'DEGRADED', caps: ['EMQ_MISSING'] },
  ])
  t.equal(
    (await piped(lines.join('\n'), 'model', 'trust', '--json')).out,
    out,
    'line by line whatever is asked for',
  )
  t.match(await piped('{"emq":1}\n', 'model', 'trust'), { code: 1, err: /line 1: action_class must be/ })
})

t.test('forecast: points and their sum; a wrong option is told before the file is read', async t => {
  const path = file(
    t,
    [
      'date,value',
      ...Array.from({ length: 20 }, (_, i) => `2026-01-${String(i + 1).padStart(2, '0')},${i}`),
    ].join('\n'),
  )
  const made = await json<{ points: { h: number }[]; total: { mean: number } }>([
    ...['model', 'forecast', path, '--model', 'holt', '--horizon', '2', '--level', '.9'],
  ])
  t.same(
    made.points.map(point => point.h),
    [1, 2],
  )
  t.ok(Math.abs(made.total.mean - 41) < 1e-6)
  const wrong = async (message: RegExp, ...more: string[]) =>
    t.match(await run(['model', 'forecast', 'nowhere.csv', ...more]), { code: 2, err: message })
  await wrong(/--model/, '--horizon', '2')
  await wrong(/--horizon/, '--model', 'ses')
  await wrong(/--horizon .* at least 1/, '--model', 'ses', '--horizon', '0')
  await wrong(/--level .* at most 0\.9999/, '--model', 'ses', '--horizon', '2', '--level', '95')
})

t.test('experiment and power: arms as often as need be, a fall with its sign', async t => {
  const arms = ['--arm', 'control:500/10000', '--arm', 'blue:560/10000', '--arm', 'red:450/10000']
  const made = await json<{ comparisons: { arm: string; p_value: number }[] }>([
    'model',
    'experiment',
    ...arms,
  ])
  t.same(
    made.comparisons.map(one => one.arm),
    ['blue', 'red'],
  )
  t.ok(Math.abs(made.comparisons[0]!.p_value - 0.058257806034) < 1e-11)
  t.match(await run(['model', 'experiment']), { code: 2, err: /--arm/ })
  t.match(await run(['model', 'experiment', ...arms.slice(0, 2)]), { code: 2, err: /at least two arms/ })
  const power = ['model', 'power', '--baseline', '0.05']
  t.match(await json([...power, '--mde', '0.1']), { per_variant: 31_234, total: 62_468 })
  t.match(await json([...power, '--mde', '-0.1']), { per_variant: 28_408 })
  t.match(await run([...power, '--mde', '0']), { code: 2, err: /no sample finds an effect of 0/ })
})

t.test('identifiers: a line out for a line in; the value of a wrong one is not repeated', async t => {
  const lines = [
    '{"destination":"tiktok","field":"phone","value":"(650) 555-1212","country":"US"}',
    '{"destination":"google","field":"gender","value":"f"}',
  ]
  const { code, out } = await piped(lines.join('\n'), 'model', 'identifiers')
  t.equal(code, 0)
  t.same(documents(out), [
    {
      normalised: '+16505551212',
      sha256: '1e231c66011e7a2d867a9cfae267a6aff103cf4913640b6e71a99850fc0ffbc8',
    },
    { normalised: null, sha256: null, reason: 'NOT_TAKEN' },
  ])
  const wrong = await piped(
    '{"destination":"bing","field":"email","value":"ann@example.com"}',
    'model',
    'identifiers',
  )
  t.match(wrong, { code: 1, err: /line 1: destination must be one of/ })
  t.notMatch(wrong.err, /ann/)
})

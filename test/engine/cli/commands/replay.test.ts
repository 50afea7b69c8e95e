import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documents, lines, run } from '../../../support/program.ts'
import { CSV, fails, GA4, place, SPEND } from './place.ts'

const { cwd, stratum, json, rows, start } = place(t)

interface Summary {
  readonly hash: string
  readonly compared: string
  readonly records_written: number
  readonly topics: readonly { readonly topic: string; readonly records: number; readonly same: number }[]
}

let outs = 0
const out = () => `out-${outs++}`
const replay = (pipeline: string, ...args: string[]) =>
  json<Summary>('replay', '--pipeline', pipeline, '--out', out(), ...args)

t.test('where nothing has been written yet', async t => {
  fails(t, await stratum('replay', '--pipeline', 'tenant', '--out', 'none'), 1, /there is no data in/)
  t.notOk(existsSync(join(cwd, 'none')))
})

t.test('after an ingest: the same as the log has', async t => {
  await json('ingest', ...CSV, '--tenant', 'demo')
  await json('ingest', ...GA4, '--tenant', 'acme')
  const again = await replay('collect')
  t.equal(again.compared, 'equal')
  const tapped = await rows<Record<string, unknown>>('tap', 'facts')
  const file = documents<Record<string, unknown>>(readFileSync(join(cwd, 'out-0', 'facts.ndjson'), 'utf8'))
  t.equal(file.length, tapped.length)
  // As tap shows them, but for where they lie.
  const plain = ({ offset: _, from: __, number: ___, ...rest }: Record<string, unknown>) =>
    JSON.stringify(rest)
  t.same(file.map(plain).sort(), tapped.map(plain).sort())
})

t.test('for a person: what it comes to, topic by topic', async t => {
  const { code, out: printed, err } = await stratum('replay', '--pipeline', 'sessions', '--out', out())
  t.match({ code, err }, { code: 0, err: '' })
  t.match(printed, /^task +person\nstage +sessions\n/)
  t.match(printed, /^compared +equal$/m)
  t.match(printed, /^topic +records +hash +compared +same +why$/m)
})

t.test('what arguments are wrong: one line, exit 2', async t => {
  appendFileSync(join(cwd, 'file'), 'x')
  const cases: [string[], RegExp][] = [
    [['--out', 'x'], /--pipeline NAME is missing/],
    [['--pipeline', 'tenant'], /--out DIR is missing/],
    [
      ['--pipeline', 'tennant', '--out', 'x'],
      /no task or stage tennant \(did you mean "tenant"\?\); there are: collect/,
    ],
    [['--pipeline', 'tenant', '--out', 'out-0'], /--out out-0 is not empty/],
    [['--pipeline', 'tenant', '--out', 'file'], /--out file is a file/],
    [['--pipeline', 'tenant', '--out', 'x', '--from', 'noon'], /neither an offset nor an instant/],
    [['--pipeline', 'tenant', '--out', 'x', '--from', '9', '--to', '3'], /--to 3 is not after --from 9/],
    [['--pipeline', 'tenant', '--out', 'x', '--from', '99999'], /past the end of every partition/],
    [['--pipline', 'tenant', '--out', 'x'], /Did you mean --pipeline\?/],
  ]
  for (const [args, says] of cases) fails(t, await stratum('replay', ...args), 2, says)
  t.notOk(existsSync(join(cwd, 'x')))
})

t.test('beside an engine that runs on the directory', async t => {
  const before = await replay('person')
  const engine = start('start', '--port', '0')
  t.teardown(() => void engine.kill('SIGKILL'))
  for await (const line of lines(engine.stdout)) if (line.startsWith('ready')) break
  const beside = await replay('person')
  t.match({ ...beside, seconds: 0 }, { compared: 'equal', hash: before.hash })
  t.match(await json('lag'), [{ lag: 0 }], 'it has changed nothing')
})

t.test(
  'another release, here by a setting of its stages: exit 1, and what differs first is named',
  async t => {
    // Its rows are of January, and none of the day before is kept any more.
    const env = { STRATUM_CLOCK__FIXED: '2026-01-15T12:00:00Z', STRATUM_WAREHOUSE__RETENTION_YEARS: '1' }
    const old = place(t)
    old.write('spend.csv', SPEND.replaceAll('2026-01-10', '2023-01-10'))
    await old.json('ingest', ...CSV, '--tenant', 'demo')
    const {
      code,
      out: printed,
      err,
    } = await run(['replay', '--pipeline', 'collect', '--out', 'o', '--json'], {
      cwd: old.cwd,
      env,
    })
    t.equal(code, 1)
    t.match(
      err,
      /^stratum replay: [^\n]*: stratum\.facts\/\d, record 0 \(offset 0\): ad_report of demo in the log, ad_report/,
    )
    t.match(JSON.parse(printed), {
      compared: 'different',
      difference: {
        topic: 'stratum.facts',
        index: 0,
        live: { value: { date: '2023-01-10' } },
        replayed: Object,
      },
    })
  },
)

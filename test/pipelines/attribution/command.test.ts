import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run } from '../../../pipelines/attribution/command.ts'
import { MODEL_NAMES } from '../../../pipelines/attribution/model/names.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { json, run as program } from '../../support/program.ts'
import { near } from './support/near.ts'

const HEADER = 'path,total_conversions,total_conversion_value,total_null'
const G5 = ['G,2,20,1', 'M,1,30,0', 'G > M,1,10,0', 'nobody,0,0,0']

interface Answer {
  readonly channels: readonly {
    channel: string
    conversions: number
    value: number | null
    removal_effect?: number | null
    removal_effect_value?: number | null
  }[]
  readonly reason?: string
}

function file(t: Test, rows: readonly string[], header = HEADER): string {
  const path = join(temporaryFolder(t), 'paths.csv')
  writeFileSync(path, [header, ...rows].join('\n'))
  return path
}

async function ask(path: string, options: Record<string, unknown> = {}): Promise<Row & Answer> {
  const answer = await (run({
    args: [path],
    options: { model: 'markov', nulls: true, ...options },
    lines: () => {
      throw new Error('it reads no stdin')
    },
    signal: new AbortController().signal,
  }) as Promise<Row>)
  return answer as Row & Answer
}

const of = async (t: Test, rows: readonly string[], options = {}, header = HEADER) =>
  ask(file(t, rows, header), options)

t.test('the answer has the shape of cli.md, every channel by name', async t => {
  const answer = await json<Row & Answer>(['model', 'attribution', file(t, G5), '--model', 'markov'])
  t.same(Object.keys(answer), ['model', 'order', 'totals', 'channels'])
  t.match(answer, { model: 'markov', order: 1, totals: { conversions: 4, value: 60, nulls: 1 } })
  t.same(
    answer.channels.map(row => [
      row.channel,
      Number(row.conversions.toFixed(9)),
      Number(row.removal_effect!.toFixed(9)),
    ]),
    [
      ['G', 2.4, 0.75],
      ['M', 1.6, 0.5],
      ['nobody', 0, 0],
    ],
  )
  t.same(Object.keys(answer.channels[0]!), [
    'channel',
    'conversions',
    'value',
    'removal_effect',
    'removal_effect_value',
  ])
})

t.test('every model credits every conversion and all value; removal effects are of Markov only', async t => {
  const rows = G5.map((row, i) => `${row},${['3', '0', '8 > 1', ''][i]}`)
  for (const model of MODEL_NAMES) {
    const { channels, order } = await of(t, rows, { model }, `${HEADER},days_before`)
    near(
      t,
      channels.reduce((sum, row) => sum + row.conversions, 0),
      4,
      model,
    )
    near(
      t,
      channels.reduce((sum, row) => sum + row.value!, 0),
      60,
      model,
    )
    t.equal('removal_effect' in channels[0]!, model === 'markov', model)
    t.equal(order, model === 'markov' ? 1 : null, model)
  }
})

t.test('order and nulls are those that are asked for', async t => {
  const path = file(t, ['a > b > a,1,1,2', 'b > a > b,2,2,1', 'c,0,0,9'])
  const effects = async (options = {}) => (await ask(path, options)).channels.map(row => row.removal_effect)
  t.same(await effects({ order: '3' }), [1, 1, 0])
  t.equal((await ask(path, { order: '2' })).order, 2)
  t.not((await effects({ order: '1' }))[0], (await effects({ order: '1', nulls: false }))[0])
  const { out, code } = await program(['model', 'attribution', path, '--no-nulls', '--order', '2', '--json'])
  t.equal(code, 0)
  t.same(JSON.parse(out).channels, (await ask(path, { order: '2', nulls: false })).channels)
})

t.test('what is null says why', async t => {
  const unknown = await of(t, ['a,1', 'b,2'], { nulls: false }, 'path,total_conversions')
  t.match(unknown, { totals: { conversions: 3, value: null, nulls: null }, reason: /total_conversion_value/ })
  t.match(unknown.channels[0], { channel: 'a', conversions: 1, value: null, removal_effect_value: null })
  const none = await of(t, ['a,0,0,5'])
  t.match(none, {
    reason: /no path converts/,
    channels: [{ conversions: 0, value: 0, removal_effect: null }],
  })
  const free = await of(t, ['a,3,0,5'])
  t.match(free, { reason: /worth anything/, channels: [{ conversions: 3, value: 0, removal_effect: 1 }] })
  t.match(free.channels[0], { removal_effect_value: null })
})

t.test('numbers as programs write them, spaces, a mark at the start, quotes', async t => {
  const path = file(t, ['"a>b",2.0,1e2,3', '', ' a > b , 1 ,0.5,0'], `\uFEFF${HEADER.toUpperCase()}`)
  t.match(await ask(path, { model: 'linear' }), {
    totals: { conversions: 3, value: 100.5, nulls: 3 },
    channels: [{ channel: 'a' }, { channel: 'b' }],
  })
})

t.test('names that mean something to a program are names', async t => {
  const names = ['__proto__', 'constructor', 'conversion', '(start)', 'null', '1', 'ä']
  const { channels } = await of(
    t,
    names.map(name => `${name} > x,1,1,1`),
  )
  t.same(
    channels.map(row => row.channel),
    [...names, 'x'].sort(),
  )
})

t.test('what is wrong with a file is said with its line', async t => {
  const says = async (rows: readonly string[], message: RegExp, options = {}, header = HEADER) =>
    t.rejects(of(t, rows, options, header), { code: 'RECORD_INVALID', message }, String(message))
  await says(
    ['a,1,1,1', 'a >  > b,1,1,1'],
    /line 3: path "a > {2}> b" has at place 2 a touch without a channel/,
  )
  await says([',1,1,1'], /line 2: path "" has at place 1/)
  await says(['a >,1,1,1'], /line 2: path "a >" has at place 2/)
  await says(['a,-1,1,1'], /line 2: total_conversions is -1: .* from 0 up/)
  await says(['a,1,1,-2'], /line 2: total_null is -2/)
  await says(['a,1.5,1,1'], /line 2: total_conversions is 1.5: .* whole numbers/)
  await says(['a,1,1,0.1'], /line 2: total_null is 0.1/)
  await says(['a,1,-3,1'], /line 2: total_conversion_value is -3: take refunds off/)
  await says(['a,0,3,1'], /line 2: total_conversion_value is 3 although total_conversions is 0/)
  await says(['a,1e16,1,1'], /line 2: total_conversions is 10000000000000000: more than 2\^53/)
  await says(['a,9e15,1,0', 'b,9e15,1,0'], /more than 2\^53 journeys/)
  for (const text of ['', 'many', 'NaN', 'Infinity', '0x10', '1e999', '1_000'])
    await says([`a,${text},1,1`], /line 2: total_conversions ".*" is no number/)
  await says(['a,1,,1'], /line 2: total_conversion_value "" is no number/)
  await says(['a,1,1'], /paths\.csv, line 2: 3 values for 4 columns/)
  await says([], /has no paths below its header/)
  await says([], /is empty: it begins with the line path,total_conversions/, {}, '')
  await says(
    ['a,1'],
    /line 1: there is no column path; there are: way, total_conversions/,
    {},
    'way,total_conversions',
  )
  await says(['a,1,b'], /line 1: the column path is there twice/, {}, 'path,total_conversions,path')
  await says(
    ['a,1'],
    /line 1: there is no column total_null: .* or say --no-nulls/,
    {},
    'path,total_conversions',
  )
  await t.rejects(ask('nowhere.csv'), { code: 'NOT_FOUND', message: /there is no file nowhere\.csv/ })
})

t.test('nulls that were left out were told among the totals all the same', async t => {
  const { totals } = await of(t, G5, { nulls: false })
  t.same(totals, { conversions: 4, value: 60, nulls: null })
  t.equal(((await of(t, G5, { nulls: false, model: 'linear' })).totals as { nulls: null }).nulls, null)
  t.same((await of(t, G5)).totals, { conversions: 4, value: 60, nulls: 1 })
})

t.test('values that add up to no number were null without a reason, and credits 0 or 1e308', async t => {
  const message = /paths\.csv: more value than 1e\+300 cannot be added up: write it in a larger unit/
  for (const model of MODEL_NAMES)
    for (const rows of [
      ['A,1,1e308,0,0', 'B,1,1e308,1,0'],
      ['A,1,1e308,0,0', 'A,1,1e308,1,0'],
      ['A,1,1e301,0,0'],
    ])
      await t.rejects(of(t, rows, { model }, `${HEADER},days_before`), { code: 'RECORD_INVALID', message })
  for (const model of MODEL_NAMES) {
    const { channels } = await of(
      t,
      ['A > B,2,6e299,3,1 > 0', 'B,1,4e299,1,0'],
      { model },
      `${HEADER},days_before`,
    )
    for (const { value } of channels) t.ok(Number.isFinite(value), model)
  }
})

t.test('time decay wants days, one for each touch, in order', async t => {
  const says = async (days: string, message: RegExp) =>
    t.rejects(of(t, [`a > b,1,1,0,${days}`], { model: 'time_decay' }, `${HEADER},days_before`), { message })
  await t.rejects(of(t, ['a,1,1,0'], { model: 'time_decay' }), {
    message: /line 1: .* needs the column days_before/,
  })
  await says('3', /line 2: days_before has 1 number for 2 touches/)
  await says('1 > 3', /line 2: days_before "1 > 3" has 3 at place 2: touches are in order of time/)
  await says('1 > -1', /has -1 at place 2/)
  await says('1 > soon', /line 2: days_before "soon" is no number/)
  await says('', /line 2: days_before "" has at place 1 nothing/)
  const { channels } = await of(
    t,
    ['a > b > c,7,7,0,14 > 7 > 0'],
    { model: 'time_decay' },
    `${HEADER},days_before`,
  )
  t.same(
    channels.map(row => row.conversions),
    [1, 2, 4],
  )
})

t.test('arguments that do not go together are refused', async t => {
  const path = file(t, G5)
  for (const [more, message] of [
    [['--model', 'guess'], /last_touch, first_touch|Allowed choices/],
    [['--model', 'linear', '--order', '2'], /--order is of the model markov, not of linear/],
    [
      ['--model', 'shapley_conversion_rate', '--no-nulls'],
      /shapley_conversion_rate is made of .*: leave out --no-nulls/,
    ],
    [['--order', '0'], /--order 0: a whole number from 1 to 10/],
    [['--order', '1.5'], /--order 1.5/],
    [['--max-steps', 'x'], /--max-steps x: a whole number from 1 up/],
  ] as const)
    t.match(await program(['model', 'attribution', path, ...more]), { code: 2, err: message })
})

t.test('10,000 channels, and a journey of 100,000 touches', async t => {
  const many = await of(
    t,
    Array.from({ length: 10_000 }, (_, i) => `c${i} > c${(i * 7) % 10_000},1,1,0`),
    { model: 'position_based' },
  )
  t.equal(many.channels.length, 10_000)
  const long = await of(t, [`${Array.from({ length: 100_000 }, (_, i) => `c${i % 7}`).join(' > ')},1,1,1`])
  near(
    t,
    long.channels.reduce((sum, row) => sum + row.conversions, 0),
    1,
  )
})

import t from 'tap'
import type { Row } from '../../../engine/cli/kit/index.ts'
import { run as experiment } from '../../../pipelines/experiments/command.ts'
import { run as power } from '../../../pipelines/experiments/power-command.ts'

const ask = (run: typeof power, options: Record<string, unknown>) =>
  run({
    args: [],
    options,
    lines: () => {
      throw new Error('it reads no stdin')
    },
    signal: new AbortController().signal,
  }) as Promise<Row>

t.test('an experiment is compared arm by arm', async t => {
  const arms = ['control:500/10000', 'blue:560/10000', 'red:500/10000']
  const { srm, comparisons, flags } = (await ask(experiment, { arm: arms })) as never as {
    srm: { p: number }
    flags: string[]
    comparisons: { arm: string; p_value: number; p_holm: number }[]
  }
  t.equal(srm.p, 1)
  t.same(flags, [])
  t.same(
    comparisons.map(one => one.arm),
    ['blue', 'red'],
  )
  t.ok(Math.abs(comparisons[0]!.p_holm - 2 * comparisons[0]!.p_value) < 1e-15)
  t.same((await ask(experiment, { arm: ['a:50/1000', 'b:60/1300'] })).flags, ['INVALID_SRM'])
  await t.rejects(ask(experiment, { arm: ['a:1/0', 'b:1/1'] }), { code: 'USAGE' })
})

t.test('a size is told with its definition', async t => {
  const made = await ask(power, { baseline: 0.05, mde: 0.1, mdeType: 'relative' })
  t.match(made, { per_variant: 31_234, total: 62_468, definition: /pooled z-test/ })
  t.equal((await ask(power, { baseline: 0.05, mde: 0.1, mdeType: 'absolute' })).per_variant, 141)
  await t.rejects(ask(power, { baseline: 5, mde: 0.1, mdeType: 'relative' }), { code: 'USAGE' })
})

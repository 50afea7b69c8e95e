import t from 'tap'
import { parseOptions } from './options.ts'

t.test('without arguments: fifty faults, seed 1, the week where it is', async t => {
  t.same(parseOptions([]), { seed: 1, faults: 50, input: null, kafka: false, keep: false })
  t.same(parseOptions(['--seed', '9', '--faults', '8', '--input', 'generated', '--keep']), {
    seed: 9,
    faults: 8,
    input: 'generated',
    kafka: false,
    keep: true,
  })
})

t.test('on Kafka: sixty faults', async t => {
  t.same(parseOptions(['--kafka']), { seed: 1, faults: 60, input: null, kafka: true, keep: false })
})

t.test('what is wrong is named', async t => {
  const refuses = (argv: string[], message: RegExp) =>
    t.throws(() => parseOptions(argv), { name: 'UsageError', message }, argv.join(' '))
  refuses(['--faults', '0'], /--faults is "0"/)
  refuses(['--seed', 'x'], /--seed is "x"/)
  refuses(['--input', 'year'], /--input is "year"/)
  refuses(['--sed', '1'], /--sed/)
})

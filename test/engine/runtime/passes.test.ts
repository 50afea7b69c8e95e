import t from 'tap'
import { Passes } from '../../../engine/runtime/passes.ts'

t.test('a pass that fails is told and tried again, until it is stopped', async t => {
  const told: unknown[] = []
  let passes = 0
  let third = () => {}
  const came = new Promise<void>(resolve => {
    third = resolve
  })
  const work = new Passes({
    name: 'Work',
    pollMs: 1,
    pass: async () => {
      passes++
      if (passes === 2) throw new Error('it is away')
      if (passes === 3) third()
    },
    tell: event => told.push(event),
  })
  work.start()
  await came
  await work.stop()
  t.same(told, [{ level: 'warn', message: 'Work: it is away' }])
  const before = passes
  await new Promise(resolve => setTimeout(resolve, 20))
  t.equal(passes, before, 'nothing goes on')
  t.equal(work.signal.aborted, true)
})

t.test('what fails because it is stopped is not told; one that was never begun stops too', async t => {
  const told: unknown[] = []
  let begun = () => {}
  const came = new Promise<void>(resolve => {
    begun = resolve
  })
  const work: Passes = new Passes({
    name: 'Work',
    pass: () =>
      new Promise((_, reject) => {
        work.signal.addEventListener('abort', () => reject(new Error('stopped')))
        begun()
      }),
    tell: event => told.push(event),
  })
  work.start()
  await came
  await work.stop()
  t.same(told, [])
  await new Passes({ name: 'Idle', pass: async () => {}, tell: () => {} }).stop()
})

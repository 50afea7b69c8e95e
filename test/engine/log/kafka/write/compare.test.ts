import t from 'tap'
import type { OffsetRecord } from '../../../../../engine/log/kafka/state/entry.ts'
import { type Compared, compare } from '../../../../../engine/log/kafka/write/compare.ts'
import { failure } from '../../../../support/failure.ts'

const at = (seq: number, next: number): OffsetRecord => ({
  seq,
  life: 'a',
  positions: [{ group: 'tasks', topic: 'facts', partition: 0, next }],
})

/** A cluster whose answers are these, one a look; the last stays. */
function looks(shown: readonly (number | null)[], changelog: readonly OffsetRecord[]) {
  let asked = 0
  const of = <T>(answers: readonly T[], n: number): T => answers[Math.min(n, answers.length - 1)]!
  const o: Compared = {
    writer: 'group/0',
    offsets: changelog[0]!,
    consumerGroup: group => `stratum.${group}`,
    shown: async () => of(shown, asked),
    again: async () => of(changelog, asked),
    wait: async () => {
      asked++
    },
  }
  return { o, asked: () => asked }
}

t.test('offsets that agree, or are forgotten, are taken at once', async t => {
  for (const shown of [7, null]) {
    const { o, asked } = looks([shown], [at(3, 7)])
    await compare(o)
    t.equal(asked(), 0)
  }
})

t.test('a storm of rebalances looked like offsets moved from outside, and ended a worker', async t => {
  // The newer owner's commit shows in the offsets first, in the changelog a moment later.
  const { o } = looks([9], [at(3, 7), at(3, 7), at(4, 9)])
  t.match(await failure(compare(o)), { code: 'WRITER_FENCED' })
  const before = looks([5], [at(3, 7), at(4, 9)])
  t.match(await failure(compare(before.o)), { code: 'WRITER_FENCED' })
})

t.test('a transaction that is not seen everywhere yet is waited for', async t => {
  const { o, asked } = looks([5, 5, 7], [at(3, 7)])
  await compare(o)
  t.equal(asked(), 2)
})

t.test(
  'a lost state topic was a silent reset: tasks went on from their offsets with nothing in mind',
  async t => {
    const nothing = { seq: 0, positions: [{ group: 'tasks', topic: 'facts', partition: 0, next: null }] }
    const gone = looks([9], [at(3, 7)])
    const again = async () => undefined
    t.match(await failure(compare({ ...gone.o, offsets: nothing, again })), {
      code: 'LOG_CORRUPT',
      message: /the state that was committed with it is gone/,
    })
    const first = looks([null], [at(3, 7)])
    await compare({ ...first.o, offsets: nothing, again })
    const newer = looks([9], [at(3, 7)])
    t.match(await failure(compare({ ...newer.o, offsets: nothing })), { code: 'WRITER_FENCED' })
  },
)

t.test('offsets that somebody has moved are refused, with what to do', async t => {
  const { o } = looks([9], [at(3, 7)])
  t.match(await failure(compare(o)), {
    code: 'LOG_CORRUPT',
    message: /^Consumer group stratum\.tasks stands at 9 of facts\/0, .* set them to 7 again/,
  })
})

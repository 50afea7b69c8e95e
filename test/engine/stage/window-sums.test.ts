import t from 'tap'
import { Windows } from '../../../engine/stage/window-sums.ts'
import { type Shown, windows } from '../../../engine/stage/windows.ts'
import { PendingState } from '../../../engine/state/pending.ts'
import { MemoryState } from '../state/memory.ts'
import { type Click, click, type Note, note, noteKind } from './folding.ts'

const SIZE = 10
const RETAIN = 20

const spec = windows({
  version: 1,
  sizeUs: SIZE,
  time: (c: Click) => c.event_time,
  empty: () => ({ clicks: 0 }),
  on: {
    click(sums, _: Click) {
      sums.clicks++
    },
  },
  show: ({ key, sums }) => ({
    topic: 'notes',
    kind: noteKind,
    value: note(String(sums.clicks), key[0]),
    key,
  }),
})

/** Windows over a state, without a fold around them. */
class Bare {
  readonly state = new MemoryState()
  readonly kept: Windows
  readonly #pending = new PendingState('s', this.state)

  constructor({ retainUs, capacity }: { readonly retainUs?: number; readonly capacity?: number }) {
    const own = retainUs === undefined ? spec : { ...spec, retainUs }
    this.kept = new Windows('totals', own, this.#pending, capacity)
  }

  add(key: string, at: number): void {
    this.kept.add('click', Buffer.from(key), click('ann', at), 1)
  }

  /** The end of a batch; what it has shown. */
  flush(): Shown[] {
    const shown: Shown[] = []
    this.kept.flush(
      one => shown.push(one),
      () => {},
    )
    return shown
  }

  /** The batch is committed. */
  land(): void {
    const part = this.#pending.take()
    if (part) this.state.apply(part)
    this.#pending.landed()
    this.kept.rotate()
  }
}

t.test('windows in memory are no more than fit, after each batch', async t => {
  const own = new Bare({ capacity: 10 })
  for (let batch = 0; batch < 20; batch++) {
    for (let n = 0; n < 7; n++) own.add('acme', (batch * 7 + n) * SIZE)
    own.flush()
    own.land()
    t.ok(own.kept.size <= 10)
  }
  t.equal([...own.state.range(Buffer.alloc(0), Buffer.from([0xff, 0xff]))].length, 140)
})

t.test('windows that were closed are gone from memory too', async t => {
  const own = new Bare({ retainUs: RETAIN })
  for (const n of [1, 11, 21]) own.add('acme', n)
  own.flush()
  own.kept.close('acme', 40)
  t.equal(own.kept.size, 1)
})

t.test('a window that was forgotten is gone on with, whatever of its key is still in memory', async t => {
  const own = new Bare({ capacity: 10 })
  // Two keys, over and over the same windows and always some new ones.
  const counts = new Map<string, number>()
  for (let batch = 0; batch < 40; batch++) {
    for (const key of ['acme', 'bolt'])
      for (const n of [batch, batch * 3, 1, batch % 7]) {
        own.add(key, n * SIZE)
        counts.set(`${key} ${n}`, (counts.get(`${key} ${n}`) ?? 0) + 1)
      }
    own.flush()
    own.land()
  }
  const shown = new Map<string, number>()
  for (const name of counts.keys()) {
    const [key, n] = name.split(' ')
    own.add(key!, Number(n) * SIZE)
    for (const { value } of own.flush()) shown.set(name, Number((value as Note).text) - 1)
    own.land()
  }
  t.strictSame(shown, counts)
})

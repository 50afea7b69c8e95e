import { type Random, seeded } from '../random.ts'
import { SESSION_MS, WORKERS } from './settings.ts'

/** What happens to the cluster. Times in milliseconds: how long it lasts, or how long something is down. */
export type Happening =
  | { readonly kind: 'kill worker'; readonly worker: number; readonly ms: number }
  | { readonly kind: 'kill broker'; readonly ms: number }
  | { readonly kind: 'kill feeder'; readonly ms: number }
  | { readonly kind: 'kill warehouse'; readonly ms: number }
  | { readonly kind: 'kill all'; readonly ms: number }
  /** Longer than its session: others own its groups when it wakes. */
  | { readonly kind: 'zombie'; readonly worker: number; readonly ms: number }
  | { readonly kind: 'pause worker'; readonly worker: number; readonly ms: number }
  /** `cut`: connections are reset. `hang`: nothing passes and nobody is told. */
  | { readonly kind: 'network'; readonly of: Side; readonly how: 'cut' | 'hang'; readonly ms: number }
  | { readonly kind: 'warehouse answers 500'; readonly inserts: number; readonly after: boolean }
  | { readonly kind: 'warehouse hangs'; readonly inserts: number; readonly ms: number }
  /** Done, and the connection ends without an answer, or within it. */
  | { readonly kind: 'warehouse drops answers'; readonly inserts: number; readonly how: 'close' | 'cut' }
  /** The connection ends, and the insert is run some time later all the same. */
  | { readonly kind: 'warehouse is late'; readonly inserts: number; readonly ms: number }
  | { readonly kind: 'warehouse dies of an insert'; readonly when: 'during' | 'after'; readonly ms: number }
  /** So many workers come and go, one a second. `killed`: the last ones do not take their leave. */
  | { readonly kind: 'rebalance storm'; readonly workers: number; readonly killed: boolean }
  | { readonly kind: 'lost state'; readonly worker: number }

type Side = 'all' | 'feeder' | number

export type Fault = Happening & {
  /** The next fault comes while this one lasts. */
  readonly overlaps: boolean
}

type Draw = (random: Random) => Happening

const between = (random: Random, from: number, to: number): number =>
  Math.round(from + random() * (to - from))
const worker = (random: Random): number => Math.floor(random() * WORKERS)

const killWorker: Draw = r => ({ kind: 'kill worker', worker: worker(r), ms: between(r, 0, 3_000) })
const zombie: Draw = r => ({
  kind: 'zombie',
  worker: worker(r),
  ms: between(r, SESSION_MS + 2_000, SESSION_MS + 7_000),
})
const side = (r: Random): Side => {
  const drawn = Math.floor(r() * (WORKERS + 2))
  return drawn < WORKERS ? drawn : drawn === WORKERS ? 'feeder' : 'all'
}
const network =
  (from: number, to: number): Draw =>
  r => ({ kind: 'network', of: side(r), how: r() < 0.6 ? 'cut' : 'hang', ms: between(r, from, to) })
const drops: Draw = r => ({
  kind: 'warehouse drops answers',
  inserts: between(r, 1, 6),
  how: r() < 0.5 ? 'close' : 'cut',
})

/** One of each is in every plan that is long enough; some come more often. */
const DECK: readonly Draw[] = [
  killWorker,
  zombie,
  network(20_000, 20_000),
  r => ({ kind: 'kill broker', ms: between(r, 0, 4_000) }),
  drops,
  r => ({ kind: 'kill all', ms: between(r, 0, 1_000) }),
  r => ({ kind: 'warehouse answers 500', inserts: between(r, 1, 10), after: r() < 0.5 }),
  r => ({ kind: 'rebalance storm', workers: between(r, 5, 8), killed: r() < 0.3 }),
  r => ({ kind: 'warehouse hangs', inserts: between(r, 1, 3), ms: between(r, 1_000, 8_000) }),
  r => ({ kind: 'lost state', worker: worker(r) }),
  r => ({ kind: 'kill warehouse', ms: between(r, 0, 3_000) }),
  r => ({ kind: 'kill feeder', ms: between(r, 0, 1_000) }),
]

const MORE: readonly Draw[] = [
  killWorker,
  killWorker,
  zombie,
  network(500, 5_000),
  network(3_000, 12_000),
  drops,
  r => ({ kind: 'pause worker', worker: worker(r), ms: between(r, 500, 4_000) }),
  r => ({ kind: 'warehouse is late', inserts: between(r, 1, 4), ms: between(r, 200, 3_000) }),
  r => ({
    kind: 'warehouse dies of an insert',
    when: r() < 0.5 ? 'during' : 'after',
    ms: between(r, 0, 30),
  }),
]

/** Faults in an order that follows from the seed, as do all their parameters; more of them begin with the fewer. */
export function plan(seed: number, count: number): Fault[] {
  const random = seeded(seed)
  const faults: Fault[] = []
  for (let deck = 0; faults.length < count; deck++) {
    const draws = shuffled(deck === 0 ? DECK : [...DECK, ...MORE], random)
    for (const draw of draws) faults.push({ ...draw(random), overlaps: random() < 0.2 })
    if (deck === 0)
      for (const draw of shuffled(MORE, random)) faults.push({ ...draw(random), overlaps: random() < 0.2 })
  }
  return faults.slice(0, count)
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map(item => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

export function describe({ kind, overlaps, ...parameters }: Fault): string {
  const said = Object.entries(parameters).map(([name, value]) => `${name} ${value}`)
  return `${[kind, ...said].join(', ')}${overlaps ? ' (and the next meanwhile)' : ''}`
}

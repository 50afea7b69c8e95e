import { setTimeout as sleep } from 'node:timers/promises'
import { app } from '../../../stratum.ts'
import { standard } from '../../support/engine.ts'
import type { Cluster } from './cluster.ts'
import { describe, type Fault } from './faults.ts'
import type { Findings } from './findings.ts'
import { type Follower, Ledger } from './ledger.ts'
import { WORKERS } from './settings.ts'
import { Striker } from './strike.ts'

/** How long the cluster may take to get on after a fault before the next one comes all the same. */
const RECOVERY_MS = 20_000
/** Without a step for so long it is stuck. */
const STUCK_MS = 180_000

/** Every reader of the application by its consumer group. */
function followers(): Follower[] {
  const release = app(standard)
  const raw = release.sources.map(s => `raw.${s.id}`)
  const tasks = release.tasks.flatMap(task => (task.from === 'raw' ? raw : [task.from]))
  return [
    ...tasks.map(topic => ({ group: 'stratum.tasks', topic: `stratum.${topic}` })),
    ...release.tables.map(t => ({ group: `stratum.sink.${t.name}`, topic: `stratum.${t.from.topic}` })),
  ]
}

/** Lets the plan happen while the slices flow through the cluster, and waits until all of them have. */
export async function disturb(cluster: Cluster, faults: readonly Fault[], findings: Findings): Promise<void> {
  for (const worker of cluster.workers) worker.start()
  await allReady(cluster)
  cluster.feeder.start()
  findings.say('the workers are at work')
  const ledger = await Ledger.open(cluster.kafka.bootstrap, followers())
  try {
    await strikeAll(cluster, faults, findings, ledger)
    findings.say('the last fault is over; the rest flows undisturbed')
    cluster.allow(1)
    await untilDone(cluster.feeder.done(), findings, ledger, 'the feeder has not written all')
    await untilDone(untilRead(ledger), findings, ledger, 'not all is read')
    findings.say('all is read')
  } finally {
    await ledger.close()
  }
}

async function allReady({ workers }: Cluster): Promise<void> {
  for (const until = performance.now() + STUCK_MS; ; await sleep(100)) {
    const missing = workers.find(w => !w.text.includes('ready\n'))
    if (!missing) return
    if (performance.now() > until)
      throw new Error(`${missing.name} does not get ready: ${missing.text.slice(-1_000)}`)
  }
}

async function strikeAll(
  cluster: Cluster,
  faults: readonly Fault[],
  findings: Findings,
  ledger: Ledger,
): Promise<void> {
  const striker = new Striker(cluster)
  let lasting: Promise<void>[] = []
  const flow = new Flow(cluster, faults)
  for (const [i, fault] of faults.entries()) {
    flow.next(i)
    findings.say(`${i + 1}. ${describe(fault)}`)
    findings.struck(fault, killedBy(fault))
    lasting.push(striker.strike(fault))
    if (fault.overlaps) continue
    await Promise.all(lasting)
    lasting = []
    if (!(await ledger.progress(RECOVERY_MS))) findings.say(`no step within ${RECOVERY_MS / 1000} s`)
  }
  await Promise.all(lasting)
  flow.end()
}

/** What a fault takes besides its own time, about. */
const OTHER_MS = 5_000
const STEP_MS = 250

/** Lets the slices flow evenly while faults come: each fault has a part of them, as large as it is long. */
class Flow {
  readonly #cluster: Cluster
  readonly #times: readonly number[]
  readonly #whole: number
  #timer: NodeJS.Timeout | null = null
  #at = 0
  #until = 0

  constructor(cluster: Cluster, faults: readonly Fault[]) {
    this.#cluster = cluster
    this.#times = faults.map(f => OTHER_MS + ('ms' in f ? f.ms : 'workers' in f ? 2_000 * f.workers : 0))
    // Some is left for after the last one.
    this.#whole = this.#times.reduce((a, b) => a + b, OTHER_MS)
  }

  /** The fault with this number begins: what was to flow before it may. */
  next(fault: number): void {
    this.#at = Math.max(this.#at, this.#until)
    this.#until += this.#times[fault]!
    this.#timer ??= setInterval(() => this.#step(), STEP_MS)
  }

  #step(): void {
    this.#at = Math.min(this.#until, this.#at + STEP_MS)
    this.#cluster.allow(this.#at / this.#whole)
  }

  end(): void {
    if (this.#timer) clearInterval(this.#timer)
  }
}

function killedBy({ kind }: Fault): number {
  if (kind === 'kill all') return WORKERS + 3
  return /^kill|^lost|dies/.test(kind) ? 1 : 0
}

async function untilRead(ledger: Ledger): Promise<void> {
  // What is read late may be written on: nothing is left only when nothing was, twice.
  for (let quiet = 0; quiet < 2; await sleep(500))
    quiet = (await ledger.behind()).length === 0 ? quiet + 1 : 0
}

async function untilDone(
  work: Promise<void>,
  findings: Findings,
  ledger: Ledger,
  what: string,
): Promise<void> {
  let over = false
  const done = work.then(() => {
    over = true
  })
  const stuck = async () => {
    for (;;) {
      const moved = await ledger.progress(STUCK_MS, () => over)
      if (over) return
      if (moved) await sleep(1_000)
      else {
        const behind = await ledger.behind()
        throw new Error(
          `${what}, and nothing has moved for ${STUCK_MS / 1000} s: ${behind.slice(0, 5).join('; ')}`,
        )
      }
    }
  }
  await Promise.race([done, stuck()])
  if (!over) findings.wrong(what)
}

import { setTimeout as sleep } from 'node:timers/promises'
import { usage } from '../ops/args.ts'
import { taskGroup } from '../stage/fold.ts'
import { DEAD_LETTERS, type Layout, topicName } from '../stage/layout.ts'
import type { Application, Task } from '../stage/topology.ts'
import type { PastLog } from './past.ts'
import type { Bounded } from './span.ts'

/** A partition the task reads, as it was when the replay began. */
export interface Input {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  /** Where the live task had come to. */
  readonly position: number
}

/** A partition the task may write to. `end` 0 where there is none yet. */
export interface Output {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
}

export interface Extent {
  readonly inputs: readonly Input[]
  readonly outputs: readonly Output[]
  /** What the task has written is what follows from the inputs up to its positions, no more and no less. */
  readonly settled: boolean
}

const TRIES = 20

/** What there is to fold and to compare with, taken so that both belong together. */
export async function extentOf(
  app: Application,
  task: Task,
  layout: Layout,
  log: PastLog,
  signal: AbortSignal,
): Promise<Extent> {
  for (let tries = 1; ; tries++) {
    const first = await lookedAt(app, task, layout, log)
    // The embedded log shows one moment; a cluster goes on between two questions.
    const again = await lookedAt(app, task, layout, log)
    const settled =
      first.inputs.every((input, i) => input.position === again.inputs[i]!.position) &&
      first.outputs.every((output, i) => output.end === again.outputs[i]!.end)
    if (settled || tries === TRIES) return { ...again, settled }
    await sleep(50, undefined, { signal })
  }
}

async function lookedAt(
  app: Application,
  task: Task,
  layout: Layout,
  log: PastLog,
): Promise<Omit<Extent, 'settled'>> {
  const there = new Map((await log.topics()).map(t => [t.name, t.partitions]))
  const inputs: Input[] = []
  for (const topic of layout.inputs(app, task))
    for (let partition = 0; partition < (there.get(topic) ?? 0); partition++) {
      const { start, end } = await log.bounds(topic, partition)
      const position = (await log.position(taskGroup(task.name), topic, partition)) ?? start
      inputs.push({ topic, partition, start, end, position })
    }
  const outputs: Output[] = []
  for (const { topic, partition } of placesOf(app, task, layout)) {
    const known = partition < (there.get(topic) ?? 0)
    const { start, end } = known ? await log.bounds(topic, partition) : { start: 0, end: 0 }
    outputs.push({ topic, partition, start, end })
  }
  return { inputs, outputs }
}

/** Short names of the topics a task may write to. */
export const topicsOf = ({ to, emits = [] }: Task): string[] => [
  ...new Set([...(to === undefined ? [] : [to]), ...emits, DEAD_LETTERS]),
]

/** Partitions a task may write to: all of a topic by key, its own of one by input. */
function* placesOf(app: Application, task: Task, layout: Layout) {
  for (const short of topicsOf(task)) {
    const topic = topicName(short)
    const keyed = app.topics.find(t => t.name === short)?.route === 'key'
    if (keyed) for (let p = 0; p < layout.partitions(topic); p++) yield { topic, partition: p }
    else
      for (const input of layout.inputs(app, task))
        for (let p = 0; p < layout.partitions(input); p++)
          yield { topic, partition: layout.route(`${task.name}:${input}`, p, short, '') }
  }
}

/** @throws USAGE: an offset that no partition has come to */
export function refuseBeyond({ inputs }: Extent, task: Task, { from, to }: Bounded): void {
  const end = Math.max(0, ...inputs.map(i => i.end))
  for (const [option, place] of [
    ['--from', from],
    ['--to', to],
  ] as const)
    if (place?.by === 'offset' && place.at > end)
      throw usage(
        `${option} ${place.at}: offset ${place.at} is past the end of every partition that ${task.name} reads; the longest ends at ${end}`,
      )
}

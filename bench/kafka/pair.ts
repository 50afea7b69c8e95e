import type { BenchAdmin } from './admin.ts'
import { checkOutput } from './check.ts'
import { median, type Speed, speedOf } from './curve.ts'
import type { Expected } from './expected.ts'
import { Started } from './measure.ts'
import type { Memory } from './memory.ts'
import type { Subject } from './subjects.ts'

export interface PairOptions {
  readonly admin: BenchAdmin
  readonly bootstrap: string
  readonly topic: string
  readonly folder: string
  readonly expected: Expected
  readonly say: (line: string) => void
}

export interface Result extends Speed {
  readonly peak: Memory
  /** CPU time of the process. Seconds. */
  readonly cpu: number
  /** Records of the output: how often a window was written. */
  readonly outputs: number
}

let runs = 0
/** A name that no other run has, so that nothing of it is found there. */
export const freshGroup = (name: string): string => `bench-${name}-${Date.now().toString(36)}-${runs++}`

/** One run from the topic's start to its end, checked. */
export async function runOnce(subject: Subject, o: PairOptions): Promise<Result> {
  const total = (await o.admin.ends(o.topic)).reduce((a, b) => a + b, 0)
  const run = { bootstrap: o.bootstrap, topic: o.topic, group: freshGroup(subject.name) }
  const started = await Started.start(subject, o.admin, o.folder, run)
  try {
    const { curve, peak, cpu } = await started.finish(total)
    await started.stop()
    const { output } = started.run
    const outputs = await checkOutput(o.bootstrap, output, await o.admin.ends(output), o.expected.windows)
    const result = { ...speedOf(curve, total), peak, cpu, outputs }
    o.say(`${subject.name.padEnd(7)} ${line(result)}`)
    return result
  } finally {
    await started.forget()
  }
}

const k = (n: number) => `${Math.round(n / 1000)}k/s`.padStart(7)

const line = ({ whole, warm, startup, peak, cpu, outputs }: Result): string =>
  `whole ${k(whole)}  warm ${k(warm)}  first commit after ${startup.toFixed(1)} s  peak MiB ${Object.entries(
    peak,
  )
    .map(([name, mib]) => `${name} ${Math.round(mib)}`)
    .join(' ')}  CPU ${cpu.toFixed(1)} s  ${outputs.toLocaleString('en')} windows written, all right`

export type Results = Readonly<Record<Subject['name'], readonly Result[]>>

/** Theirs, ours, theirs, ours …, one after the other on the same broker and topic. */
export async function inTurns(
  rounds: number,
  subjects: readonly Subject[],
  options: PairOptions,
): Promise<Results> {
  const results = { theirs: [] as Result[], ours: [] as Result[] }
  for (let round = 0; round < rounds; round++)
    for (const subject of subjects) results[subject.name].push(await runOnce(subject, options))
  return results
}

/** Medians of the pairs' ratios, ours ÷ theirs. */
export function ratios({ theirs, ours }: Results) {
  const of = (read: (result: Result) => number) =>
    median(ours.map((result, i) => read(result) / read(theirs[i]!)))
  return {
    whole: of(r => r.whole),
    warm: of(r => r.warm),
    startup: of(r => r.startup),
    pss: of(r => r.peak.pss),
    anon: of(r => r.peak.anon),
    cpu: of(r => r.cpu),
  }
}

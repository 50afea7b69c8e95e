import { parseArgs } from 'node:util'

export type Input = 'week' | 'generated'

export interface Options {
  readonly seed: number
  /** Kills at random moments; those at chosen moments come on top. */
  readonly faults: number
  /** null: the real week where it is there, else the generated days. */
  readonly input: Input | null
  /** Against a Kafka cluster with several workers, instead of one embedded program. */
  readonly kafka: boolean
  /** Leaves the data directories behind. */
  readonly keep: boolean
}

export const USAGE = `npm run chaos -- [--kafka] [--seed N] [--faults N] [--input week|generated] [--keep]

Kills an ingest with kill -9 again and again, restarts it, and compares every table with a run that was never
killed. With --kafka: three workers on Apache Kafka and a warehouse over HTTP, and whatever may happen to any of
them. Exit code: 0 nothing lost, doubled or different, 1 something was, 2 wrong arguments.

  --seed N     which moments, and which generated input (default 1)
  --faults N   kills at random moments (default 50); kills at chosen moments come on top. With --kafka: faults
               (default 60)
  --input X    week: ../shared/data/ga4; generated: three days made from the seed (default: week where it is)
  --keep       leaves the data directories behind (they always stay when something differs)`

export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export function parseOptions(argv: readonly string[]): Options {
  const { values } = read(argv)
  if (values.help) throw new UsageError(USAGE)
  const { input = null } = values
  if (input !== null && input !== 'week' && input !== 'generated')
    throw new UsageError(`--input is "${input}"; it must be week or generated`)
  return {
    seed: whole('seed', values.seed, 1, 0),
    faults: whole('faults', values.faults, values.kafka ? 60 : 50, 1),
    input,
    kafka: values.kafka ?? false,
    keep: values.keep ?? false,
  }
}

function read(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        seed: { type: 'string' },
        faults: { type: 'string' },
        input: { type: 'string' },
        keep: { type: 'boolean' },
        kafka: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function whole(name: string, text: string | undefined, standard: number, least: number): number {
  if (text === undefined) return standard
  if (!/^\d{1,9}$/.test(text) || Number(text) < least)
    throw new UsageError(`--${name} is "${text}"; it must be a whole number, at least ${least}`)
  return Number(text)
}

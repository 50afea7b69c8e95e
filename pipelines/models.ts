import type { ModelSpec } from '../engine/cli/model.ts'
import { DETECTORS } from './anomaly/model/detector.ts'

/** The models that can be asked by themselves (`stratum model`). */
export const models: readonly ModelSpec[] = [
  {
    usage: 'anomaly <file>',
    summary: 'scores of a series in a CSV file with the columns timestamp and value',
    examples: [
      'stratum model anomaly spend.csv --json',
      'stratum model anomaly hourly.csv --detector seasonal --zone Europe/Berlin',
    ],
    options: [
      { flags: '--detector <name>', description: 'which', choices: DETECTORS, default: 'record' },
      { flags: '--quiet', description: 'record only: a third fewer false alerts at the same recall' },
      { flags: '--zone <zone>', description: 'zone of its hours and days', default: 'UTC' },
    ],
    load: () => import('./anomaly/command.ts'),
  },
  {
    usage: 'trust',
    summary: 'the gate for the four components of each line on stdin (NDJSON), without hysteresis',
    examples: ['stratum model trust < components.ndjson'],
    isLineByLine: true,
    load: () => import('./trust/command.ts'),
  },
]

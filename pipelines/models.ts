import { decimal, integer } from '../engine/cli/kit/options.ts'
import type { ModelSpec } from '../engine/cli/model.ts'
import { DETECTORS } from './anomaly/model/detector.ts'
import { MODEL_NAMES } from './attribution/model/names.ts'

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
    usage: 'allocation <file>',
    summary:
      'the best split of a budget over campaigns, and what another spend would bring: a CSV file with campaign, platform, week, spend, revenue, conversions',
    examples: [
      'stratum model allocation weeks.csv --budget 5000 --json',
      'stratum model allocation weeks.csv --scenario "Search brand=900" --scenario Retargeting=300',
    ],
    options: [
      {
        flags: '--budget <amount>',
        description: 'of a week, in the currency of the file (default: what the last two weeks spent)',
        parse: decimal(0.01, 1e12),
      },
      {
        flags: '--goal <goal>',
        description: 'what a result is',
        choices: ['revenue', 'conversions'],
        default: 'revenue',
      },
      { flags: '--scenario <CAMPAIGN=SPEND>', description: 'repeatable; a spend of a week', isList: true },
      {
        flags: '--daily-limit <share>',
        description: 'how far a campaign may move at once (default: 0.2)',
        parse: decimal(0.01, 0.5),
      },
      { flags: '--margin <share>', description: 'contribution margin', parse: decimal(0.001, 1) },
      {
        flags: '--follows-results <campaign>',
        description: 'repeatable; its spend was set by its results',
        isList: true,
      },
    ],
    load: () => import('./allocation/command.ts'),
  },
  {
    usage: 'attribution <file>',
    summary: 'credits of the channels of a CSV file with the columns path, total_conversions, total_null …',
    examples: [
      'stratum model attribution paths.csv --model markov --order 2 --json',
      'stratum model attribution paths.csv --model time_decay',
    ],
    options: [
      { flags: '--model <name>', description: 'which', choices: MODEL_NAMES, default: 'markov' },
      { flags: '--order <k>', description: 'markov: channels in a row that make a state (default: 1)' },
      { flags: '--no-nulls', description: 'markov: leave out journeys that did not convert' },
      {
        flags: '--max-steps <n>',
        description:
          'markov: journeys in more states than n are lost, as in ChannelAttribution (default: none are)',
      },
    ],
    load: () => import('./attribution/command.ts'),
  },
  {
    usage: 'forecast <file>',
    summary:
      'the next values of a series and their sum, with intervals: a CSV file with date and value, or value alone',
    examples: [
      'stratum model forecast revenue.csv --model month-end --horizon 12 --json',
      'stratum model forecast hourly.csv --model ses --horizon 48 --season 24',
    ],
    options: [
      {
        flags: '--model <name>',
        description: 'which; month-end is of days, and its points are sums',
        choices: ['ses', 'holt', 'ewma', 'month-end'],
        isRequired: true,
      },
      { flags: '--horizon <steps>', description: 'how far', parse: integer(1, 1000), isRequired: true },
      { flags: '--level <p>', description: 'of the intervals (default: 0.95)', parse: decimal(0.01, 0.9999) },
      { flags: '--season <m>', description: 'values of a season', parse: integer(1, 10_000) },
      {
        flags: '--alpha <a>',
        description: 'ewma: weight of the newest (default: 0.2)',
        parse: decimal(0.0001, 1),
      },
    ],
    load: () => import('./forecast/command.ts'),
  },
  {
    usage: 'experiment',
    summary: 'arms of an experiment beside the first, the control; an equal split is expected',
    examples: ['stratum model experiment --arm control:500/10000 --arm blue:560/10000 --json'],
    options: [
      { flags: '--arm <NAME:conversions/users>', description: 'repeatable', isList: true, isRequired: true },
      {
        flags: '--confidence <p>',
        description: 'of the intervals (default: 0.95)',
        parse: decimal(0.01, 0.9999),
      },
    ],
    load: () => import('./experiments/command.ts'),
  },
  {
    usage: 'power',
    summary: 'the users each arm of an experiment needs',
    examples: [
      'stratum model power --baseline 0.05 --mde 0.1 --json',
      'stratum model power --baseline 0.05 --mde -0.01 --mde-type absolute --power 0.9',
    ],
    options: [
      { flags: '--baseline <p>', description: 'rate of the control', parse: decimal(), isRequired: true },
      {
        flags: '--mde <m>',
        description: 'smallest change worth finding; below 0: a fall',
        parse: decimal(),
        isRequired: true,
      },
      {
        flags: '--mde-type <type>',
        description: 'of what',
        choices: ['relative', 'absolute'],
        default: 'relative',
      },
      { flags: '--alpha <p>', description: 'two-sided (default: 0.05)', parse: decimal(0, 1) },
      { flags: '--power <p>', description: 'chance to find it (default: 0.8)', parse: decimal(0, 1) },
    ],
    load: () => import('./experiments/power-command.ts'),
  },
  {
    usage: 'identifiers',
    summary:
      'e-mails, telephone numbers, names … as a destination wants them, for each line on stdin (NDJSON)',
    examples: ['stratum model identifiers < customers.ndjson'],
    isLineByLine: true,
    load: () => import('./identifiers/command.ts'),
  },
  {
    usage: 'trust',
    summary: 'the gate for the four components of each line on stdin (NDJSON), without hysteresis',
    examples: ['stratum model trust < components.ndjson'],
    isLineByLine: true,
    load: () => import('./trust/command.ts'),
  },
]

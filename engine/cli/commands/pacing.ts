import { instantOf } from '../../clock/iso.ts'
import { StratumError } from '../../errors.ts'
import { addGroup, type CliCommand } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'
import { addSent, type Sent, type SentOptions } from './sent.ts'

const ALERT = '5b1f0a7c9d'

const named = ([alert]: readonly string[]) => ({ alert })
const snoozed = ([alert]: readonly string[], { until }: SentOptions) => {
  const time = until === undefined ? null : instantOf(until)
  if (time === null) throw new StratumError('USAGE', 'pacing: say until when: --until 2026-12-01T09:00:00Z')
  return { alert, until: time }
}

const SENT: readonly Sent[] = [
  {
    usage: 'acknowledge <alert>',
    command: 'pacing.acknowledge',
    summary: 'say that somebody looks after it',
    examples: [`stratum pacing acknowledge ${ALERT} --tenant acme --as anna`],
    body: named,
  },
  {
    usage: 'resolve <alert>',
    command: 'pacing.resolve',
    summary: 'close it by hand: it opens again when its rule finds it again',
    examples: [`stratum pacing resolve ${ALERT} --tenant acme --reason "budget was raised"`],
    body: named,
  },
  {
    usage: 'snooze <alert>',
    command: 'pacing.snooze',
    summary: 'hear no more of it for a while, at most a quarter',
    examples: [`stratum pacing snooze ${ALERT} --tenant acme --until 2026-12-01T09:00:00Z`],
    options: c => {
      c.option('--until <time>', 'an instant: 2026-12-01T09:00:00Z')
    },
    body: snoozed,
  },
]

/** `stratum pacing …`: alerts of targets, by hand; which are open says the table pacing_alerts_current. */
export function pacingCommands(program: CliCommand, make: MakeApplication): void {
  const pacing = addGroup(
    program,
    'pacing',
    'alerts of targets, by hand: their ids are those of the table pacing_alerts_current',
    [`stratum pacing acknowledge ${ALERT} --tenant acme --as anna`],
  )
  for (const sent of SENT) addSent(pacing, 'pacing', sent, make)
}

import { readConfigMap } from '../../config/index.ts'
import { addGroup, type CliCommand, decimal } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'
import { addSent, type Sent, type SentOptions } from './sent.ts'

const change = (c: CliCommand) => {
  c.option('--entity <entity>', 'what is changed: meta:ACCOUNT:CAMPAIGN[:ADSET[:AD]]')
  c.option('--action <type>', 'BUDGET_INCREASE, BID_DECREASE, CAMPAIGN_PAUSE …')
  c.option('--to <amount>', 'the new budget or bid, in the currency of the account', decimal(0))
}
const asked = (_: readonly string[], { entity, action, to }: SentOptions) => ({ entity, action, to })
const action = ([action_id]: readonly string[]) => ({ action_id })
const nothing = () => ({})

const SENT: readonly Sent[] = [
  {
    usage: 'status',
    command: 'autopilot.status',
    summary: 'kill switch, gates, what is used of the blast radius, open actions, settings',
    examples: ['stratum autopilot status --tenant acme', 'stratum autopilot status --tenant acme --json'],
    body: nothing,
  },
  {
    usage: 'check',
    command: 'autopilot.check',
    summary: 'what would be said to a change, without queueing it',
    examples: [
      'stratum autopilot check --tenant acme --entity meta:1:2 --action BUDGET_INCREASE --to 120 --json',
    ],
    options: change,
    body: asked,
  },
  {
    usage: 'queue',
    command: 'autopilot.queue',
    summary: 'queue a change for approval',
    examples: [
      'stratum autopilot queue --tenant acme --entity meta:1:2 --action BUDGET_INCREASE --to 120 --as anna --reason "sells well"',
    ],
    options: change,
    body: asked,
  },
  {
    usage: 'approve <action>',
    command: 'autopilot.approve',
    summary: 'let a queued action run',
    examples: ['stratum autopilot approve 0b8b7df6e3411cdd03abb26716af8129 --tenant acme --as berta'],
    options: c => {
      c.option('--token <token>', 'of the answer that asked for a confirmation; takes a reason')
    },
    body: ([action_id], { token }) => ({ action_id, token }),
  },
  {
    usage: 'dismiss <action>',
    command: 'autopilot.dismiss',
    summary: 'take an action back that was not carried out',
    examples: [
      'stratum autopilot dismiss 0b8b7df6e3411cdd03abb26716af8129 --tenant acme --reason "too early"',
    ],
    body: action,
  },
  {
    usage: 'retry <action>',
    command: 'autopilot.retry',
    summary: 'queue an action that failed once more, from what is in force now',
    examples: ['stratum autopilot retry 0b8b7df6e3411cdd03abb26716af8129 --tenant acme'],
    body: action,
  },
  {
    usage: 'rollback <action>',
    command: 'autopilot.rollback',
    summary: 'write back what an action has changed, if it still is as we left it',
    examples: [
      'stratum autopilot rollback 0b8b7df6e3411cdd03abb26716af8129 --tenant acme --reason "was a mistake"',
    ],
    body: action,
  },
  {
    usage: 'kill',
    command: 'killswitch.engage',
    summary: 'stop everything at once: nothing is written to platforms',
    examples: ['stratum autopilot kill --tenant acme --as anna --reason "tracking is broken"'],
    body: nothing,
  },
  {
    usage: 'release',
    command: 'killswitch.release',
    summary: 'let it go on; takes an ADMIN',
    examples: ['stratum autopilot release --tenant acme --as admin --reason "mended"'],
    body: nothing,
  },
]

const RULES: readonly Sent[] = [
  {
    usage: 'set <file>',
    command: 'rule.set',
    summary: 'put a rule in force: a file in YAML or JSON',
    examples: ['stratum rules set pause-loser.yaml --tenant acme'],
    body: ([file]) => ({ rule: readConfigMap(file!) }),
  },
  {
    usage: 'remove <id>',
    command: 'rule.remove',
    summary: 'take a rule out of force',
    examples: ['stratum rules remove pause-loser --tenant acme'],
    body: ([rule]) => ({ rule }),
  },
  {
    usage: 'list',
    command: 'rule.list',
    summary: 'the rules in force',
    examples: ['stratum rules list --tenant acme --json'],
    body: nothing,
  },
]

/** `stratum autopilot …`, `stratum rules …`: what people ask of the autopilot, each as a command in the log. */
export function autopilotCommands(program: CliCommand, make: MakeApplication): void {
  const autopilot = addGroup(
    program,
    'autopilot',
    'the autopilot by hand: each sends a command and prints its answer; refused: exit 1 and the code',
    ['stratum autopilot status --tenant acme', 'stratum autopilot kill --tenant acme --reason "stop"'],
  )
  for (const sent of SENT) addSent(autopilot, 'autopilot', sent, make)
  const rules = addGroup(program, 'rules', 'what the autopilot goes by', [
    'stratum rules set pause-loser.yaml --tenant acme',
  ])
  for (const sent of RULES) addSent(rules, 'rules', sent, make)
}

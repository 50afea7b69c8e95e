import { StratumError } from '../../errors.ts'
import { addGroup, type CliCommand } from '../kit/index.ts'
import type { MakeApplication } from '../open.ts'
import { addSent, type Sent, type SentOptions } from './sent.ts'

const HASH = '0b8b7df6e3411cdd03abb26716af8129'

const person = (c: CliCommand) => {
  c.option('--person <key>', 'person_key of the edge')
}
const edge = ([key_hash]: readonly string[], { person: person_key }: SentOptions) => {
  if (person_key === undefined) throw new StratumError('USAGE', 'identity: say whose edge: --person KEY')
  return { person_key, key_hash }
}
const value = ([key_hash]: readonly string[]) => ({ key_hash })

const SENT: readonly Sent[] = [
  {
    usage: 'block <key-hash>',
    command: 'identity.block',
    summary: 'let an identifier join nobody: an office, a kiosk',
    examples: [`stratum identity block ${HASH} --tenant acme --as anna --reason "the office"`],
    body: value,
  },
  {
    usage: 'unblock <key-hash>',
    command: 'identity.unblock',
    summary: 'let it join again',
    examples: [`stratum identity unblock ${HASH} --tenant acme`],
    body: value,
  },
  {
    usage: 'unmerge <key-hash>',
    command: 'identity.unmerge',
    summary: 'take the edge of one person and identifier out: whom it alone joined is apart again',
    examples: [`stratum identity unmerge ${HASH} --person 5f0c --tenant acme --reason "two people"`],
    options: person,
    body: edge,
  },
  {
    usage: 'remerge <key-hash>',
    command: 'identity.remerge',
    summary: 'put that edge back',
    examples: [`stratum identity remerge ${HASH} --person 5f0c --tenant acme`],
    options: person,
    body: edge,
  },
]

/** `stratum identity …`: what people correct of who is one person. Identifiers are named by their hashes. */
export function identityCommands(program: CliCommand, make: MakeApplication): void {
  const identity = addGroup(
    program,
    'identity',
    'who is one person, corrected by hand: hashes and persons are those of the table identity_events',
    [`stratum identity unmerge ${HASH} --person 5f0c --tenant acme --reason "two people"`],
  )
  for (const sent of SENT) addSent(identity, 'identity', sent, make)
}

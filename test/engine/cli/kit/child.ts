import { pbkdf2 } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  addCommand,
  addGroup,
  integer,
  type OutputOptions,
  printDocument,
  printRows,
  program,
  runProgram,
  withOutput,
  withSets,
} from '../../../../engine/cli/kit/index.ts'
import { messageOf, StratumError } from '../../../../engine/errors.ts'
import { call } from '../../../../engine/log/kafka/write/rdkafka.ts'

/** A small program for the tests. */
const cli = program({ name: 'stratum', version: '1.2.3', description: 'A program for tests' })

addCommand<OutputOptions & { count: number }, [string, string | undefined]>(cli, {
  usage: 'rows <name> [other]',
  summary: 'writes rows',
  examples: ['stratum rows a', 'stratum rows a --json'],
  options: command => withOutput(command).option('--count <n>', 'how many', integer(0), 3),
  run: (session, options, [name, other]) =>
    printRows(
      session,
      Array.from({ length: options.count }, (_, n) => ({
        name,
        other: other ?? null,
        n,
        big: 2n ** BigInt(20 * (n % 4)),
      })),
      options,
    ),
})

addCommand<OutputOptions>(cli, {
  usage: 'document',
  summary: 'writes a document',
  examples: ['stratum document'],
  options: withOutput,
  run: (session, options) => printDocument(session, { records: 12, seconds: null }, options),
})

addCommand(cli, {
  usage: 'forever',
  summary: 'writes lines until nobody reads',
  examples: ['stratum forever | head'],
  async run(session) {
    for (let n = 0; ; n++) await session.write(`line ${n}\n`)
  },
})

addCommand(cli, {
  usage: 'hang',
  summary: 'ends while a thread of the pool is busy that a call of librdkafka has not given back',
  examples: ['stratum hang'],
  async run(session) {
    const isLate = call(() => pbkdf2('', '', 2 ** 31 - 1, 64, 'sha512', () => {}), -9_900).catch(messageOf)
    await session.write(`${await isLate}\n`)
  },
})

addCommand<{ how: string }>(cli, {
  usage: 'wait',
  summary: 'waits for a signal',
  examples: ['stratum wait'],
  options: command => command.option('--how <how>', 'clean, throw or never', 'clean'),
  async run(session, { how }) {
    await session.write('waiting\n')
    const kept = setInterval(() => {}, 1000)
    await new Promise(done => session.signal.addEventListener('abort', done))
    await session.write('stopping\n')
    if (how === 'never') await new Promise(() => {})
    clearInterval(kept)
    if (how === 'throw') session.signal.throwIfAborted()
    if (how === 'broken') throw new StratumError('LOG_CORRUPT', 'page 7 is torn')
  },
})

addCommand<{ set: string[] }, [string]>(cli, {
  usage: 'fail <how>',
  summary: 'fails',
  examples: ['stratum fail expected'],
  options: withSets,
  async run(session, { set }, [how]) {
    session.progress('working').update(1, 2)
    if (how === 'expected')
      throw new StratumError('NOT_FOUND', 'topic x is unknown:\n  token=hunter2 was given')
    if (how === 'usage') throw new StratumError('USAGE', `not ${set.join()}`)
    if (how === 'bug') throw new TypeError('x is not a function')
    if (how === 'later') setTimeout(() => Promise.reject(new Error('much later')), 1)
    if (how === 'later') await sleep(10_000)
    return 1
  },
})

const group = addGroup(cli, 'things', 'things to do', ['stratum things do'])
addCommand(group, { usage: 'do', summary: 'does', examples: ['stratum things do'], run: async () => {} })

await runProgram(cli)

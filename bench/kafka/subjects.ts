import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { STARTED } from '../../test/support/started.ts'
import { streamsClassPath } from './build-streams.ts'
import { benchEvent, EVENT_SCHEMA_ID, WINDOW_SCHEMA_ID } from './records.ts'

/** What a system under test is told. All topics and groups it makes begin with `group`. */
export interface Run {
  readonly bootstrap: string
  /** Of events, to be read from its start. */
  readonly topic: string
  /** Where changed windows go; it is there. */
  readonly output: string
  /** The consumer group whose offsets tell how far it is. */
  readonly group: string
  /** Empty, for its state. */
  readonly dir: string
}

/** A system under test: a process that prints `ready` when it runs and ends in good order at SIGTERM. */
export interface Subject {
  readonly name: 'theirs' | 'ours'
  command(run: Run): Promise<readonly string[]>
}

/** More heap made it no faster; the parallel collector took less CPU time and 150 MiB less than the usual one. */
const JAVA = ['-Xmx512m', '-XX:+UseParallelGC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=error']

const told = ({ bootstrap, topic, output, group, dir }: Run): string[] =>
  Object.entries({ bootstrap, topic, output, group, dir }).flatMap(([name, value]) => [`--${name}`, value])

export const theirs: Subject = {
  name: 'theirs',
  async command(run) {
    const schema = join(run.dir, '..', `${run.group}.avsc`)
    writeFileSync(schema, JSON.stringify(benchEvent.schema))
    return [
      'java',
      ...JAVA,
      ...['-cp', await streamsClassPath(), 'stratum.bench.Peer', ...told(run)],
      ...['--event-schema', schema, '--event-schema-id', String(EVENT_SCHEMA_ID)],
      ...['--window-schema-id', String(WINDOW_SCHEMA_ID)],
    ]
  },
}

export const ours = (
  program = fileURLToPath(new URL('ours.js', import.meta.url)),
  more: readonly string[] = [],
): Subject => ({
  name: 'ours',
  async command(run) {
    const env = Object.entries(STARTED).map(([name, value]) => `${name}=${value}`)
    return ['env', ...env, process.execPath, program, ...told(run), ...more]
  },
})

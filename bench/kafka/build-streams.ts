import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, runToEnd, which } from '../../test/support/servers/machine.ts'

/** The Java program. It is built beside the cached jars of the test broker, never in the repository. */
const SOURCE = fileURLToPath(new URL('../../../bench/kafka/streams', import.meta.url))

/** Class path of the peer: built by Maven when its sources have changed. */
export async function streamsClassPath(): Promise<string> {
  const folder = cacheFolder(`streams-${fingerprint()}`)
  if (!existsSync(folder)) await build(folder)
  return [join(folder, 'classes'), join(folder, 'libs', '*')].join(':')
}

async function build(folder: string): Promise<void> {
  for (const needed of ['mvn', 'javac'])
    if (which(needed) === null)
      throw new Error(`the bench needs ${needed} to build its Kafka Streams program`)
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  const goals = ['compile', 'dependency:copy-dependencies']
  try {
    // One at a time: Maven's own store of downloads is not made for several writers.
    const lock = which('flock') === null ? [] : ['flock', join(dirname(folder), 'maven.lock')]
    const [command, ...args] = [...lock, 'mvn', '-q', '-B', '-f', SOURCE, `-Dbuild=${scratch}`, ...goals]
    await runToEnd(command!, args)
    renameSync(scratch, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function fingerprint(): string {
  const hash = createHash('sha256')
  const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.parentPath.startsWith(join(SOURCE, 'target')))
    .map(entry => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(file.slice(SOURCE.length)).update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

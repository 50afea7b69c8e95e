import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, runToEnd, which } from './machine.ts'
import { type Server, startServer } from './server.ts'

export interface RedisServer extends Server {
  readonly url: string
  /** Runs a command with `redis-cli`; what it prints. */
  command(...words: string[]): Promise<string>
}

/** One line that says what is missing to run Redis here, or null. */
export function redisMissing(): string | null {
  const there = which('redis-server') !== null && which('redis-cli') !== null
  return there ? null : 'Redis is missing (apt-get install redis-server)'
}

/**
 * Redis on loopback. It appends every write to a file before it answers, so it comes back from SIGKILL with all
 * it has acknowledged.
 *
 * @param settings as in redis.conf, without the dashes.
 */
export async function startRedis(settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'stratum-redis-'))
  const port = String(await freePort())
  const all = { port, bind: '127.0.0.1', dir, appendonly: 'yes', save: '', ...settings }
  const command = async (...words: string[]) =>
    (await runToEnd('redis-cli', ['-h', '127.0.0.1', '-p', port, ...words])).trimEnd()
  const server = await startServer({
    dir,
    child: {
      command: 'redis-server',
      args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
      log: join(dir, 'server.log'),
    },
    answers: async () => {
      const said = await command('PING')
      if (said !== 'PONG') throw new Error(said)
    },
  })
  return Object.assign(server, { url: `redis://127.0.0.1:${port}`, command })
}

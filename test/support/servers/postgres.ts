import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { asUser, type User } from './child.ts'
import { executable, freePort, runToEnd, which } from './machine.ts'
import { type Server, startServer } from './server.ts'

export interface PostgresServer extends Server {
  readonly url: string
  /** Runs SQL with `psql`; the rows, columns parted by `|`. */
  sql(statements: string): Promise<string>
}

const DEBIAN = '/usr/lib/postgresql'

/** The folder of the programs: where Debian puts the newest, or of the one on the path. */
function programs(): string | null {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const initdb = which('initdb')
  const folders = debian.map(version => join(DEBIAN, version, 'bin'))
  if (initdb !== null) folders.push(dirname(realpathSync(initdb)))
  return (
    folders.find(bin => ['initdb', 'postgres', 'psql'].every(name => executable(join(bin, name)))) ?? null
  )
}

const isRoot = process.getuid?.() === 0

/** One line that says what is missing to run PostgreSQL here, or null. */
export function postgresMissing(): string | null {
  if (programs() === null) return 'PostgreSQL is missing (apt-get install postgresql-15)'
  if (isRoot && which('setpriv') === null) return 'PostgreSQL does not run as root, and setpriv is missing'
  return null
}

/**
 * PostgreSQL on loopback with one empty database, `stratum`, whose user `stratum` needs no password. It does not
 * wait for the disk: it comes back from SIGKILL with all it has acknowledged, from a power cut it would not.
 *
 * @param settings as in postgresql.conf.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const bin = programs()
  if (bin === null) throw new Error(postgresMissing() ?? 'PostgreSQL is missing')
  const dir = mkdtempSync(join(tmpdir(), 'stratum-postgres-'))
  const user = isRoot ? await unprivileged() : undefined
  if (user !== undefined) chownSync(dir, user.uid, user.gid)
  const data = join(dir, 'data')
  const port = String(await freePort())
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    shared_buffers: '16MB',
    fsync: 'off',
    ...settings,
  }
  const psql = (database: string, statements: string) => {
    const print = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']
    const connect = ['-h', '127.0.0.1', '-p', port, '-U', 'stratum', '-d', database]
    return runToEnd(join(bin, 'psql'), [...print, ...connect, '-c', statements])
  }
  const server = await startServer({
    dir,
    prepare: async () => {
      const args = ['-D', data, '-U', 'stratum', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
      const [command, ...rest] = [...asUser(user), join(bin, 'initdb'), ...args]
      await runToEnd(command!, rest, dir)
    },
    child: {
      command: join(bin, 'postgres'),
      args: ['-D', data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      log: join(dir, 'server.log'),
      cwd: dir,
      ...(user === undefined ? {} : { user }),
    },
    answers: () => psql('postgres', 'SELECT 1'),
  })
  try {
    await psql('postgres', 'CREATE DATABASE stratum')
  } catch (error) {
    await server.stop()
    throw error
  }
  return Object.assign(server, {
    url: `postgresql://stratum@127.0.0.1:${port}/stratum`,
    sql: async (statements: string) => (await psql('stratum', statements)).trimEnd(),
  })
}

/** Whom the package has made for it, or nobody. */
async function unprivileged(): Promise<User> {
  const ids = async (name: string) => ({
    uid: Number(await runToEnd('id', ['-u', name])),
    gid: Number(await runToEnd('id', ['-g', name])),
  })
  return ids('postgres').catch(() => ids('nobody'))
}

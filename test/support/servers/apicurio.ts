import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cacheFolder, freePort, runToEnd, which } from './machine.ts'
import { type Server, startServer } from './server.ts'

/** The last one that runs on Java 17. */
const VERSION = '3.0.9'
const ARTIFACT = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`

export interface ApicurioServer extends Server {
  /** Of its API that is compatible with Confluent's. */
  readonly url: string
}

/** One line that says what is missing to run Apicurio Registry here, or null. */
export function apicurioMissing(): string | null {
  if (which('java') === null)
    return 'Apicurio Registry needs Java 17 (apt-get install openjdk-17-jre-headless)'
  const ready = existsSync(cacheFolder(`apicurio-${VERSION}`))
  if (!ready && which('mvn') === null)
    return 'Apicurio Registry needs Maven to be fetched (apt-get install maven)'
  return null
}

/**
 * Apicurio Registry, which speaks Confluent's API and is made by others; what it knows is in memory. It takes some
 * 15 s to start and 250 MB.
 */
export async function startApicurio(): Promise<ApicurioServer> {
  const folder = await unpacked()
  const dir = mkdtempSync(join(tmpdir(), 'stratum-apicurio-'))
  const [port, management] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  const options = {
    'quarkus.http.host': '127.0.0.1',
    'quarkus.http.port': port,
    'quarkus.management.port': management,
  }
  const server = await startServer({
    dir,
    child: {
      command: 'java',
      args: [
        '-Xmx384m',
        '-XX:TieredStopAtLevel=1',
        ...Object.entries(options).map(([name, value]) => `-D${name}=${value}`),
        '-jar',
        join(folder, `apicurio-registry-app-${VERSION}-runner.jar`),
      ],
      log: join(dir, 'server.log'),
      cwd: dir,
    },
    answers: async () => {
      const answer = await fetch(`${url}/subjects`)
      if (!answer.ok) throw new Error(`status ${answer.status}`)
    },
  })
  return Object.defineProperties({ url }, Object.getOwnPropertyDescriptors(server)) as ApicurioServer
}

/** From Maven Central, once a machine. Processes may do this at the same time. */
async function unpacked(): Promise<string> {
  const folder = cacheFolder(`apicurio-${VERSION}`)
  if (existsSync(folder)) return folder
  const scratch = `${folder}.${process.pid}`
  mkdirSync(join(scratch, 'app'), { recursive: true })
  try {
    const args = ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${scratch}`]
    // One at a time: Maven's own store of downloads is not made for several writers.
    if (which('flock') === null) await runToEnd('mvn', args)
    else await runToEnd('flock', [join(dirname(folder), 'maven.lock'), 'mvn', ...args])
    const archive = join(scratch, `apicurio-registry-app-${VERSION}-all.tar.gz`)
    await runToEnd('tar', ['xzf', archive, '-C', join(scratch, 'app')])
    renameSync(join(scratch, 'app'), folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return folder
}

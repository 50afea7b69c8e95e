import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder, runToEnd, which } from '../../support/servers/machine.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const example = (path: string) => join(ROOT, 'examples', 'consumers', path)

/** An example of a language: how it is run, or what this machine lacks for it. */
export interface Language {
  readonly missing: string | null
  command(): Promise<[string, ...string[]]>
}

/** Makes a folder once a machine: complete or absent. */
async function once(name: string, make: (scratch: string) => Promise<unknown>): Promise<string> {
  const folder = cacheFolder(name)
  if (existsSync(folder)) return folder
  const scratch = `${folder}.${process.pid}`
  mkdirSync(scratch, { recursive: true })
  try {
    await make(scratch)
    renameSync(scratch, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return folder
}

/** @param name of the example, without its ending */
export const node = (name: string): Language => ({
  missing: null,
  command: async () => [process.execPath, example(`node/${name}.js`)],
})

/** @param name of the example, without its ending */
export const python = (name: string): Language => ({
  missing: which('python3') === null ? 'the Python consumer needs python3 with venv' : null,
  command: async () => {
    // A virtual environment knows its own path: what is installed is kept beside it.
    const libraries = await once('examples-python-3', scratch =>
      runToEnd('python3', [
        '-m',
        'pip',
        'install',
        '-q',
        '--target',
        scratch,
        '-r',
        example('python/requirements.txt'),
      ]),
    )
    return ['env', `PYTHONPATH=${libraries}`, 'python3', example(`python/${name}.py`)]
  },
})

export const java: Language = {
  missing:
    which('javac') === null || which('mvn') === null ? 'the Java consumer needs a JDK and Maven' : null,
  command: async () => {
    const libraries = await once('examples-java-2', scratch =>
      runToEnd('mvn', [
        '-q',
        '-B',
        '-f',
        example('java/pom.xml'),
        'dependency:copy-dependencies',
        `-DoutputDirectory=${scratch}`,
      ]),
    )
    return ['java', '-cp', join(libraries, '*'), example('java/Consume.java')]
  },
}

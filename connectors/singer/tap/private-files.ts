import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** With the machine: containers may share the folder, and a number says nothing of another's processes. */
const PREFIX = `stratum-singer-${hostname()}-`

const open = new Set<string>()
process.on('exit', () => {
  for (const folder of open) rmSync(folder, { recursive: true, force: true })
})

/** A folder that only we may look into, for what a tap is given as files: mode 0700, its files 0600. */
export class PrivateFiles {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
    open.add(folder)
  }

  static async make(): Promise<PrivateFiles> {
    await removeStale()
    return new PrivateFiles(await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`)))
  }

  /** The path of the file. */
  async write(name: string, text: string): Promise<string> {
    const path = join(this.#folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    open.delete(this.#folder)
  }
}

/** After `kill -9` nobody has removed them: secrets lie there until the next tap starts. */
async function removeStale(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    const pid = Number(name.slice(PREFIX.length).split('-')[0])
    if (isAlive(pid)) continue
    // Another user's of the same machine: not ours to remove.
    await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

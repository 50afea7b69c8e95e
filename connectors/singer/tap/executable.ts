import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { configError } from '../../../plugins/errors.ts'

/** Where the tap's program lies. @throws config when it is not there or is no program */
export async function executableOf(command: string, path: string): Promise<string> {
  const named = !/[/\\]/.test(command)
  const candidates = named ? path.split(delimiter).map(folder => join(folder, command)) : [resolve(command)]
  let there = false
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => null)
    if (!found?.isFile()) continue
    there = true
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate
  }
  const how = named ? 'install the tap, or give the path of its program' : 'give the path of its program'
  throw configError(
    there
      ? `${command} may not be executed: chmod +x makes a script a program`
      : `there is no program ${command}${named ? ' on the PATH' : ''}: ${how}`,
    '/command',
  )
}

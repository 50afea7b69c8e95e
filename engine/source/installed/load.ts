import { existsSync, statSync } from 'node:fs'
import { register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { messageOf, StratumError } from '../../errors.ts'
import type { Source } from '../port.ts'

/** In the order in which a folder is looked through. */
const ENTRIES = ['index.mjs', 'index.js']

/** `./acme`, `../x/index.mjs`, `/opt/acme`: a path, and no connector's id. */
export const isPath = (name: string): boolean => /^\.{1,2}$|[/\\]/.test(name)

let resolving = false

/**
 * A connector that did not come with Stratum: the default export of a file, or of `index.mjs` or `index.js` of a
 * folder. It is shown under the path it was given by.
 * @throws StratumError USAGE: nothing is there; CONFIG_INVALID: it is no connector
 */
export async function loadConnector(path: string): Promise<Source> {
  const url = pathToFileURL(fileOf(path)).href
  const source = await importConnector(url, path)
  return { ...source, origin: path, module: url }
}

/** The same by the address of its file. */
export async function importConnector(url: string, shown = url): Promise<Source> {
  if (!resolving) register('./resolve.js', import.meta.url)
  resolving = true
  let loaded: { readonly default?: unknown }
  try {
    loaded = (await import(url)) as typeof loaded
  } catch (cause) {
    throw new StratumError(
      'CONFIG_INVALID',
      `${shown} cannot be loaded: ${messageOf(cause).split('\n')[0]}`,
      {
        cause,
      },
    )
  }
  if (isSource(loaded.default)) return loaded.default
  throw new StratumError(
    'CONFIG_INVALID',
    `${shown} is no connector: its default export has to be what connector({…}) of stratum/plugins gives`,
  )
}

function fileOf(path: string): string {
  const at = resolve(path)
  const isFolder = existsSync(at) && statSync(at).isDirectory()
  const found = (isFolder ? ENTRIES.map(name => join(at, name)) : [at]).find(file => existsSync(file))
  if (found !== undefined) return found
  const missing = isFolder ? `the folder has no ${ENTRIES.join(' and no ')}` : 'there is nothing'
  throw new StratumError('USAGE', `no connector at ${path}: ${missing}`)
}

function isSource(value: unknown): value is Source {
  const { id, spec, streams, read } = (value ?? {}) as Partial<Source>
  return (
    typeof id === 'string' && typeof spec === 'object' && Array.isArray(streams) && typeof read === 'function'
  )
}

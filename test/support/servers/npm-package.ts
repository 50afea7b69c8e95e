import { hash } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { cacheFolder, runToEnd } from './machine.ts'

/** A package of npm that tests are made with and the program is not: too heavy for `npm ci`. */
export interface NpmPackage {
  readonly name: string
  /** Exact, so that a run tomorrow tests the same. */
  readonly version: string
}

export const FACEBOOK_SDK: NpmPackage = { name: 'facebook-nodejs-business-sdk', version: '24.0.1' }
export const HUBSPOT_CLIENT: NpmPackage = { name: '@hubspot/api-client', version: '14.0.1' }

export type Installed<T> =
  | { readonly module: T; readonly missing: false }
  | { readonly module: null; readonly missing: string }

/** What a package exports; installed once a machine, in a folder of its own. `missing`: why it is not there, in one line. */
export async function npmPackage<T>({ name, version }: NpmPackage): Promise<Installed<T>> {
  const id = `${name}@${version}`
  const folder = cacheFolder(`npm-${name.replace(/\W+/g, '-')}-${hash('sha256', id, 'hex').slice(0, 8)}`)
  const ready = join(folder, 'ready')
  if (!existsSync(ready)) {
    // What an installation that broke off has left goes first.
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(dirname(folder), { recursive: true })
    const quiet = ['--fetch-retries=1', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    try {
      await runToEnd('npm', ['install', '--prefix', folder, ...quiet, id])
    } catch (error) {
      if (!isUnreachable((error as Error).message)) throw error
      return { module: null, missing: `${id} could not be fetched: no npm registry can be reached` }
    }
    writeFileSync(ready, '')
  }
  return { module: createRequire(join(folder, 'package.json'))(name) as T, missing: false }
}

/** Anything else that npm says is a failure of the test. */
const isUnreachable = (said: string): boolean =>
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(said)

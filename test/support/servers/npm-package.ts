import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { madeOnce, runToEnd } from './machine.ts'

/** A package of npm that tests are made with and the program is not: too heavy for `npm ci`. */
export interface NpmPackage {
  readonly name: string
  /** Exact, so that a run tomorrow tests the same. */
  readonly version: string
}

export const FACEBOOK_SDK: NpmPackage = { name: 'facebook-nodejs-business-sdk', version: '24.0.1' }
/** It reads over REST; what it writes goes over gRPC. */
export const GOOGLE_ADS_API: NpmPackage = { name: 'google-ads-api', version: '25.1.0' }
export const HUBSPOT_CLIENT: NpmPackage = { name: '@hubspot/api-client', version: '14.0.1' }

export type Installed<T> =
  | { readonly module: T; readonly missing: false }
  | { readonly module: null; readonly missing: string }

/** What a package exports; installed once a machine, in a folder of its own. `missing`: why it is not there, in one line. */
export async function npmPackage<T>({ name, version }: NpmPackage): Promise<Installed<T>> {
  const id = `${name}@${version}`
  const cached = `npm-${name.replace(/\W+/g, '-')}-${hash('sha256', id, 'hex').slice(0, 8)}`
  const quiet = ['--fetch-retries=1', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  let folder: string
  try {
    folder = await madeOnce(cached, to => runToEnd('npm', ['install', '--prefix', to, ...quiet, id]))
  } catch (error) {
    if (!isUnreachable((error as Error).message)) throw error
    return { module: null, missing: `${id} could not be fetched: no npm registry can be reached` }
  }
  return { module: createRequire(join(folder, 'package.json'))(name) as T, missing: false }
}

/** Anything else that npm says is a failure of the test. */
const isUnreachable = (said: string): boolean =>
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/.test(said)

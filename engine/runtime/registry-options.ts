import { checkedUrl, type RegistryConnection } from '../codec/registry/connection.ts'
import type { RegistryConfig } from '../config/registry.ts'
import { StratumError } from '../errors.ts'

/**
 * How the schema registry is reached; undefined where there is none but the embedded one.
 * @throws CONFIG_INVALID: a log-in with something missing or too much, a URL that holds more than a place
 */
export function registryOptions(config: RegistryConfig): RegistryConnection | undefined {
  const { url, username, password, token, context, prefix, timeoutSeconds, tls } = config
  if (url === undefined) return undefined
  const invalid = (what: string) => new StratumError('CONFIG_INVALID', what)
  if (token !== undefined && username !== undefined)
    throw invalid('registry.token and registry.username are two ways to log in: set one.')
  if ((username === undefined) !== (password === undefined))
    throw invalid(
      `registry.${username === undefined ? 'username' : 'password'} is missing: a user and a password belong together.`,
    )
  const urls = url.split(',').map(one => one.trim())
  for (const one of urls) checkedUrl(one)
  return {
    urls,
    ...(username === undefined ? {} : { user: { name: username, password: password! } }),
    ...(token === undefined ? {} : { token }),
    ...(context === undefined ? {} : { context }),
    prefix,
    timeoutMs: timeoutSeconds * 1000,
    tls,
  }
}

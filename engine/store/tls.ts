import { readFileSync } from 'node:fs'
import { messageOf, StratumError } from '../errors.ts'

/** Files in PEM. */
export interface TlsFiles {
  /** Authorities to trust instead of those of the system. */
  readonly ca?: string | undefined
  /** Certificate and key of this client. Without a password the user is known by them alone. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** Of the key. */
  readonly passphrase?: string | undefined
  /** false: any certificate is taken. */
  readonly verify?: boolean | undefined
}

export interface TlsOptions {
  readonly rejectUnauthorized: boolean
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly passphrase?: string
}

/**
 * What Node wants of TLS, with the files read.
 * @param section of the settings, for the message
 * @throws StratumError CONFIG_INVALID: a file that cannot be read
 */
export function tlsOptions(section: string, files: TlsFiles): TlsOptions {
  const { ca, cert, key, passphrase, verify = true } = files
  const read = (name: string, file: string) => {
    try {
      return readFileSync(file, 'utf8')
    } catch (cause) {
      throw new StratumError('CONFIG_INVALID', `${section}.tls.${name}: ${messageOf(cause)}`, { cause })
    }
  }
  return {
    rejectUnauthorized: verify,
    ...(ca ? { ca: read('ca', ca) } : {}),
    ...(cert ? { cert: read('cert', cert) } : {}),
    ...(key ? { key: read('key', key) } : {}),
    ...(passphrase ? { passphrase } : {}),
  }
}

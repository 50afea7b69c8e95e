import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runToEnd } from './machine.ts'

/** Files in PEM. */
export interface Tls {
  /** The authority that signed both certificates. */
  readonly ca: string
  /** Of a client named `client`. */
  readonly cert: string
  readonly key: string
  /** Key, certificate and authority of the server, valid for 127.0.0.1, localhost and the hosts that were named. */
  readonly server: string
}

/** An authority of its own that is trusted by nobody, a server and a client; good for two days. */
export async function makeTls(folder: string, hosts: readonly string[] = []): Promise<Tls> {
  mkdirSync(folder, { recursive: true })
  const file = (name: string) => join(folder, name)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  const make = (name: string, commonName: string, ...more: string[]) => {
    const subject = [
      '-subj',
      `/CN=${commonName}`,
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.pem`),
    ]
    return runToEnd('openssl', ['req', '-x509', ...curve, ...subject, ...more])
  }
  await make('ca', 'stratum test authority')
  const signed = [
    '-CA',
    file('ca.pem'),
    '-CAkey',
    file('ca.key'),
    '-addext',
    'basicConstraints=critical,CA:FALSE',
  ]
  const names = ['localhost', ...hosts].map(host => `DNS:${host}`)
  await make('server', 'localhost', ...signed, '-addext', `subjectAltName=${names},IP:127.0.0.1`)
  await make('client', 'client', ...signed)
  const chain = ['server.key', 'server.pem', 'ca.pem'].map(name => readFileSync(file(name), 'utf8'))
  writeFileSync(file('server-chain.pem'), chain.join(''))
  return {
    ca: file('ca.pem'),
    cert: file('client.pem'),
    key: file('client.key'),
    server: file('server-chain.pem'),
  }
}

import { join } from 'node:path'
import { AUDIENCE, type IdentityProvider, ISSUER, startIdentityProvider } from './identity.ts'
import type { Settings } from './kafka-settings.ts'
import { makeTls, type Tls } from './tls.ts'

export type Secured = 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL'

export interface SecurityOptions {
  /** Listeners beside PLAINTEXT. SSL asks the client for a certificate, whose common name is its user. */
  readonly secured?: readonly Secured[]
  /** Passwords by user name, for PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. */
  readonly users?: Readonly<Record<string, string>>
  /** Secrets by client id, for OAUTHBEARER; an identity provider is started with the broker. */
  readonly oauth?: Readonly<Record<string, string>>
  /** Nothing is allowed but by an access control list. Clients of the PLAINTEXT listener may do all. */
  readonly acls?: boolean
}

/** What a broker needs to know whom to let in. */
export interface Security {
  readonly settings: Settings
  /** Flags of the Java machine. */
  readonly java: readonly string[]
  /** Arguments of `StorageTool format`. */
  readonly format: readonly string[]
  readonly tls?: Tls
  readonly oauth?: IdentityProvider
}

const MODULES = 'org.apache.kafka.common.security'

export async function secure(dir: string, options: SecurityOptions): Promise<Security> {
  const { secured = [], users = {}, acls = false } = options
  const tls = secured.some(protocol => protocol.endsWith('SSL')) ? await makeTls(join(dir, 'tls')) : undefined
  const oauth = options.oauth === undefined ? undefined : await startIdentityProvider(options.oauth)
  const sasl = secured.filter(protocol => protocol.startsWith('SASL'))
  return {
    settings: {
      ...(tls === undefined ? {} : tlsSettings(tls)),
      ...Object.assign({}, ...sasl.map(protocol => saslSettings(protocol, users, oauth))),
      ...(acls ? ACLS : {}),
    },
    java: oauth === undefined ? [] : [`-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${oauth.jwksUrl}`],
    format: Object.entries(users).flatMap(([name, password]) =>
      ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(mechanism => [
        '--add-scram',
        `${mechanism}=[name=${name},password=${password}]`,
      ]),
    ),
    ...(tls === undefined ? {} : { tls }),
    ...(oauth === undefined ? {} : { oauth }),
  }
}

/** The broker itself comes over PLAINTEXT, as the anonymous user. */
const ACLS: Settings = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': false,
}

const tlsSettings = (tls: Tls): Settings => ({
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': tls.server,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': tls.ca,
  'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/,DEFAULT',
  'listener.name.ssl.ssl.client.auth': 'required',
})

function saslSettings(
  protocol: Secured,
  users: Readonly<Record<string, string>>,
  oauth: IdentityProvider | undefined,
): Settings {
  const on = `listener.name.${protocol.toLowerCase()}`
  const passwords = Object.entries(users).map(([name, password]) => ` user_${name}="${password}"`)
  const scram = `${MODULES}.scram.ScramLoginModule required;`
  const mechanisms = [
    'PLAIN',
    'SCRAM-SHA-256',
    'SCRAM-SHA-512',
    ...(oauth === undefined ? [] : ['OAUTHBEARER']),
  ]
  return {
    [`${on}.sasl.enabled.mechanisms`]: mechanisms.join(','),
    [`${on}.plain.sasl.jaas.config`]: `${MODULES}.plain.PlainLoginModule required${passwords.join('')};`,
    [`${on}.scram-sha-256.sasl.jaas.config`]: scram,
    [`${on}.scram-sha-512.sasl.jaas.config`]: scram,
    ...(oauth === undefined
      ? {}
      : {
          [`${on}.oauthbearer.sasl.jaas.config`]: `${MODULES}.oauthbearer.OAuthBearerLoginModule required;`,
          [`${on}.oauthbearer.sasl.server.callback.handler.class`]: `${MODULES}.oauthbearer.OAuthBearerValidatorCallbackHandler`,
          'sasl.oauthbearer.jwks.endpoint.url': oauth.jwksUrl,
          'sasl.oauthbearer.expected.audience': AUDIENCE,
          'sasl.oauthbearer.expected.issuer': ISSUER,
        }),
  }
}

/**
 * What a credential looks like, by its name (log fields, settings) and by its surroundings (error messages, URLs).
 * A message that reaches a person or a log line passes through here first.
 */
export const MASK = '***'

const SECRET_NAMES = [
  'password',
  'passwd',
  'secret',
  'token',
  'authorization',
  'cookie',
  'api_key',
  'apikey',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'app_secret',
  'api_secret',
  'appsecret_proof',
  'private_key',
  'developer_token',
  'signature',
] as const

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Names as they are written in objects, headers and queries. */
const SPELLINGS = [
  ...new Set([
    ...SECRET_NAMES,
    ...SECRET_NAMES.map(camel),
    'Authorization',
    'set-cookie',
    'x-api-key',
    'Access-Token',
    'access-token',
    'developer-token',
  ]),
]

/** `apiKey`, `api_key`, `API-KEY` and `webhook_secret` are secrets; `token_count` is not. */
export function isSecretName(name: string): boolean {
  const plain = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase()
  return SECRET_NAMES.some(secret => plain === secret || plain.endsWith(`_${secret}`))
}

/**
 * Paths for pino's redaction: every spelling at the top and two levels below it, and `pointers` (JSON pointers
 * with `*` for any key, as `secretPaths` gives them).
 */
export function redactionPaths(pointers: readonly string[] = []): string[] {
  const byName = SPELLINGS.flatMap(name => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`])
  const byPath = pointers.map(pointer =>
    pointer
      .split('/')
      .slice(1)
      .map(part => (part === '*' ? '[*]' : `["${part.replaceAll('~1', '/').replaceAll('~0', '~')}"]`))
      .join(''),
  )
  return [...byName, ...byPath]
}

const QUERY_NAME = '[\\w-]*(?:token|secret|password|passwd|api[_-]?key|signature|appsecret_proof)'
const RULES: readonly (readonly [RegExp, string])[] = [
  // Authorization: Bearer xyz, Basic xyz
  [/\b(bearer|basic)\s+[\w.~+/=-]{3,}/gi, `$1 ${MASK}`],
  // scheme://user:password@host, also where the password itself has an @ in it
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, `$1${MASK}@`],
  // "access_token": "xyz" (JSON, also escaped inside a string)
  [
    new RegExp(`(\\\\?["']${QUERY_NAME}\\\\?["']\\s*:\\s*\\\\?["'])(?:[^"'\\\\]|\\\\[^"'])+`, 'gi'),
    `$1${MASK}`,
  ],
  // access_token=xyz, password: xyz
  [new RegExp(`\\b(${QUERY_NAME}\\s*[=:]\\s*)(?!\\s)[^\\s&"',;)\\]}]+`, 'gi'), `$1${MASK}`],
]

/** A message without the credentials in it. Applying it again changes nothing. */
export function redactText(text: string): string {
  return RULES.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text)
}

/** A message without e-mail addresses too: for log lines, where no person's data belongs. */
export function redactPersonal(text: string): string {
  return text.replace(/[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,253}\.\p{L}{2,}/gu, '[email]')
}

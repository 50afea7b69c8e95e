export type Cause = 'credentials' | 'permission' | 'config' | 'outage'

/** What taps, their libraries and databases say. An outage first: a proxy that is away may speak of its own login. */
const SAYINGS: readonly (readonly [Cause, RegExp])[] = [
  [
    'outage',
    /connection (?:refused|reset|timed out)|connect(?:ion)? ?timeout|read timed out|max retries exceeded|temporary failure in name resolution|could not translate host name|name or service not known|(?:server|database) (?:closed the connection|is starting up|is shutting down)|too many (?:requests|connections)|service unavailable|bad gateway|gateway time-?out|\b(?:status(?: code)?|http(?: error)?|error|code)[ :=]*(?:429|50[0234])\b|\b(?:429|50[0234]) (?:client|server) error\b/i,
  ],
  [
    'credentials',
    /\bunauthori[sz]ed\b|authentication failed|invalid[_ ](?:oauth )?(?:grant|client|credentials?|token|api[_ ]key|access token)|session has expired|(?:token|key|credentials?|password)(?: \w+)? (?:is|are|has|was) (?:expired|invalid|revoked|wrong|incorrect)|access denied for user|role "[^"]*" does not exist|no password supplied|login failed|\b(?:status(?: code)?|http(?: error)?|error|code)[ :=]*401\b|\b401 client error\b/i,
  ],
  [
    'permission',
    /permission denied for|insufficient[_ ](?:permissions?|privileges?|scopes?)|\bforbidden\b|\b(?:status(?: code)?|http(?: error)?|error|code)[ :=]*403\b|\b403 client error\b|not authori[sz]ed to/i,
  ],
  [
    'config',
    /config(?:uration)?(?: validation failed|validationerror| is missing| is invalid)|missing (?:required )?(?:config|keys? in config)|missing required keys|invalid config|ConfigValidationError/i,
  ],
]

/** What is wrong, by what a tap said at its end; null: it cannot be told. */
export function causeIn(text: string): Cause | null {
  return SAYINGS.find(([, saying]) => saying.test(text))?.[0] ?? null
}

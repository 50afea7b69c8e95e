/** What a program needs of the machine and nothing else: Stratum's own settings hold its secrets. */
const PASSED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(?:https?|no|all)_proxy)$/i

/** Output as it is written: a tap in Python would keep the last lines of its log to itself until it ends. */
const OWN = { PYTHONUNBUFFERED: '1', PYTHONIOENCODING: 'utf-8' }

export function environmentOf(
  own: Readonly<Record<string, string>>,
  machine: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const passed = Object.entries(machine).filter(
    (entry): entry is [string, string] => PASSED.test(entry[0]) && entry[1] !== undefined,
  )
  return { ...Object.fromEntries(passed), ...OWN, ...own }
}

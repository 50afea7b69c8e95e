import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url))

function start(args: readonly string[], env: Record<string, string> = {}) {
  const { NODE_OPTIONS: _, STRATUM_DEBUG: __, ...rest } = process.env
  return spawn(process.execPath, [CHILD, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...rest, ...env },
  })
}

async function run(args: readonly string[], env?: Record<string, string>) {
  const child = start(args, env)
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { out, err, code: code as number }
}

t.test('help has an example and is data; a command that is missing is wrong arguments', async t => {
  const help = await run(['rows', '--help'])
  t.equal(help.code, 0)
  t.match(help.out, /Usage: stratum rows.*\n[\s\S]*Examples:\n {2}stratum rows a\n/)
  t.equal(help.err, '')
  t.match(await run(['--version']), { code: 0, out: '1.2.3\n' })
  t.match(await run([]), { code: 2, out: '', err: /Usage: stratum/ })
  t.match(await run(['things']), { code: 2, out: '', err: /Usage: stratum things/ })
  t.match(await run(['help', 'rows']), { code: 0, out: /Usage: stratum rows/ })
  t.match(await run(['things', 'do']), { code: 0, out: '', err: '' })
})

t.test('wrong arguments: exit 2 and one line', async t => {
  const cases: [string[], string | RegExp][] = [
    [['rows'], "stratum rows: missing required argument 'name'; see stratum rows --help\n"],
    [
      ['rows', 'a', '--jsn'],
      "stratum rows: unknown option '--jsn' (Did you mean --json?); see stratum rows --help\n",
    ],
    [['rows', 'a', 'b', 'c'], /^stratum rows: too many arguments/],
    [
      ['rows', 'a', '--count', 'x'],
      /^stratum rows: option '--count <n>' argument 'x' is invalid. It must be a whole number/,
    ],
    [
      ['rows', 'a', '--json', '--ndjson'],
      /^stratum rows: option '--json' cannot be used with option '--ndjson'/,
    ],
    [['row'], "stratum: unknown command 'row' (Did you mean rows?); see stratum --help\n"],
    [['things', 'don'], /^stratum things: unknown command 'don'/],
    [['fail', 'usage', '--set', 'a=1', '--set', 'b=2'], 'stratum fail: not a=1,b=2\n'],
  ]
  for (const [args, err] of cases) {
    const result = await run(args)
    t.match(result, { code: 2, out: '', err }, args.join(' '))
    t.equal(result.err.split('\n').length, 2)
  }
})

t.test('data: table, one document, one a line', async t => {
  const people = await run(['rows', 'a'])
  t.equal(
    people.out,
    'name  other  n            big\na         -  0              1\na         -  1        1048576\na         -  2  1099511627776\n',
  )
  const json = await run(['rows', 'a', 'b', '--json', '--count', '4'])
  t.match(JSON.parse(json.out), [
    { name: 'a', other: 'b', n: 0, big: 1 },
    {},
    {},
    { big: '1152921504606846976' },
  ])
  const lines = await run(['rows', 'a', '--ndjson'])
  t.strictSame(
    lines.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).n),
    [0, 1, 2],
  )
  t.match(await run(['rows', 'a', '--json', '--count', '0']), { code: 0, out: '[]\n' })
  t.match(await run(['rows', 'a', '--count', '0']), { code: 0, out: '', err: 'no rows\n' })
  t.match(await run(['document']), { out: 'records  12\nseconds  -\n' })
  t.strictSame(JSON.parse((await run(['document', '--json'])).out), { records: 12, seconds: null })
})

t.test('a lot of data arrives whole', async t => {
  const { out, code } = await run(['rows', 'a', '--ndjson', '--count', '20000'])
  t.equal(code, 0)
  t.equal(out.split('\n').length, 20_001)
})

t.test('failed: exit 1, one line, no stack, no credential', async t => {
  t.strictSame(await run(['fail', 'expected']), {
    code: 1,
    out: '',
    err: 'stratum fail: topic x is unknown: token=*** was given\n',
  })
  t.match(await run(['fail', 'bug']), {
    code: 1,
    err: /^stratum fail: x is not a function \(STRATUM_DEBUG=1.*\)\n$/,
  })
  t.match(await run(['fail', 'bug'], { STRATUM_DEBUG: '1' }), { code: 1, err: /\n {4}at / })
  t.match(await run(['fail', 'later']), { code: 1, err: 'stratum: much later\n' })
  t.match(await run(['fail', 'code']), { code: 1, err: '' })
})

t.test('Ctrl-C: the work stops cleanly; a second one ends it', async t => {
  const cases: [string, number, RegExp, NodeJS.Signals][] = [
    ['clean', 0, /^$/, 'SIGINT'],
    ['clean', 0, /^$/, 'SIGTERM'],
    ['throw', 130, /^stratum wait: stopped/, 'SIGINT'],
    ['throw', 143, /^stratum wait: stopped/, 'SIGTERM'],
    ['broken', 1, /^stratum wait: page 7 is torn\n$/, 'SIGINT'],
    ['never', 130, /^$/, 'SIGINT'],
  ]
  for (const [how, code, err, signal] of cases) {
    const child = start(['wait', '--how', how])
    const stderr = text(child.stderr)
    const ended = once(child, 'close')
    let out = ''
    for await (const chunk of child.stdout) {
      out += chunk
      if (out === 'waiting\n') child.kill(signal)
      if (out.endsWith('stopping\n') && how === 'never') child.kill(signal)
    }
    t.equal((await ended)[0], code, `${how} ${signal}`)
    t.equal(out, 'waiting\nstopping\n')
    t.match(await stderr, err)
  }
})

t.test('| head: quiet end', async t => {
  const child = start(['forever'])
  const stderr = text(child.stderr)
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  t.equal(code, 0)
  t.equal(await stderr, '')
})

t.test('a process whose thread librdkafka did not give back never ended', async t => {
  const child = start(['hang'])
  const late = setTimeout(() => child.kill('SIGTERM'), 30_000)
  const [out, err, [, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  clearTimeout(late)
  t.match(out, /^librdkafka does not come back/)
  t.match(err, /^librdkafka has not come back from 1 calls/)
  t.equal(signal, 'SIGKILL')
})

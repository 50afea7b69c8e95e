import t from 'tap'
import { run } from '../../../support/program.ts'
import { fails } from './place.ts'

t.setTimeout(240_000)
const help = async (...names: string[]) => {
  const result = await run([...names, '--help'])
  t.match(result, { code: 0, err: '' }, `stratum ${names.join(' ')} --help`)
  return result.out
}

/** Names of the commands a help shows, without `help` itself. */
function commandsIn(text: string): string[] {
  const list = /^Commands:\n([\s\S]*?)(?:\n\n|$(?![\s\S]))/m.exec(text)?.[1] ?? ''
  return [...list.matchAll(/^ {2}(\w[\w-]*)/gm)].map(([, name]) => name!).filter(name => name !== 'help')
}

t.test('every command there is shows its options and an example that begins with its name', async t => {
  const root = await help()
  t.match(root, /Exit code: 0 done, 1 the work failed, 2 wrong arguments/)
  const names = commandsIn(root)
  for (const wanted of [
    ...[
      'start',
      'ingest',
      'query',
      'connectors',
      'spec',
      'check',
      'discover',
      'read',
      'tap',
      'topics',
      'lag',
    ],
    ...['top', 'deadletters', 'plan', 'apply', 'pause', 'resume', 'map', 'verify', 'worker', 'api'],
    ...['replay', 'settings', 'model', 'autopilot', 'rules'],
  ])
    t.ok(names.includes(wanted), wanted)
  const paths = names.map(name => [name])
  for (const path of paths) {
    const text = await help(...path)
    t.match(text, new RegExp(`^Examples?:\n {2}stratum ${path.join(' ')}\\b`, 'm'), path.join(' '))
    paths.push(...commandsIn(text).map(name => [...path, name]))
    // A group has none of its own.
    if (commandsIn(text).length > 0) continue
    const [options, examples] = text.split(/^Examples?:\n/m) as [string, string]
    for (const [, name] of examples.matchAll(/ (--[a-z-]+)/g))
      t.match(options, name, `${path.join(' ')}: ${name}`)
    // Models and tests need no data.
    if (path[0] !== 'model' && path[0] !== 'test') {
      t.match(text, /^ {2}--data <dir>/m, `${path.join(' ')}: --data`)
      t.match(text, /^ {2}--config <file>/m, `${path.join(' ')}: --config`)
    }
    // They run until they are stopped, and say nothing but that they do.
    if (['start', 'worker', 'api'].includes(path[0]!)) continue
    t.match(text, /^ {2}--ndjson/m, `${path.join(' ')}: --ndjson`)
    if (path[0] !== 'read') t.match(text, /^ {2}--json/m, `${path.join(' ')}: --json`)
  }
  t.same(commandsIn(await help('deadletters')), ['list', 'show', 'edit', 'replay'])
})

t.test('without a command: help on stderr, exit 2; the version on stdout', async t => {
  t.match(await run([]), { code: 2, out: '', err: /^Usage: stratum/ })
  t.match(await run(['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/, err: '' })
  t.match(await run(['help', 'query']), { code: 0, out: /^Usage: stratum query/, err: '' })
})

t.test('a misspelt command: the nearest one, exit 2', async t => {
  fails(t, await run(['ingets']), 2, /unknown command 'ingets' \(Did you mean ingest\?\); see stratum --help/)
  fails(t, await run(['deadletter']), 2, /Did you mean deadletters\?/)
  fails(t, await run(['--jsn']), 2, /unknown option '--jsn'/)
})

import { PLUGIN } from './plugin.ts'
import { SIMULATOR } from './simulator.ts'

const CONFIG = `# stratum check ./__NAME__ --config __NAME__/config.example.yaml
base_url: https://api.__NAME__.example/v1
account: "1001"
token: put-yours-here # better: --set token=… and no file
days: 30
`

const TEST = `import test from 'node:test'
import { conforms } from 'stratum/plugins/conformance'
import __VARIABLE__ from './index.mjs'

// The same as "stratum conformance": one test a check. Needs the package stratum beside it (npm install, npm link).
await conforms(test, __VARIABLE__)
`

/** The files of a new connector, by name: they pass conformance as they are. */
export function scaffold(name: string): ReadonlyMap<string, string> {
  const words = name.split('-').map(word => word[0]!.toUpperCase() + word.slice(1))
  const variable = words.join('').replace(/^./, first => first.toLowerCase())
  const fill = (text: string) =>
    text
      .replaceAll('__NAME__', name)
      .replaceAll('__TITLE__', words.join(' '))
      .replaceAll('__VARIABLE__', variable)
  return new Map([
    ['index.mjs', fill(PLUGIN)],
    ['simulator.mjs', fill(SIMULATOR)],
    ['config.example.yaml', fill(CONFIG)],
    ['conformance.test.mjs', fill(TEST)],
  ])
}

import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { temporaryFolder } from '../support/folder.ts'
import { STRATUM } from '../support/program.ts'
import { PROJECT } from '../support/project.ts'

t.setTimeout(600_000)

interface Block {
  readonly language: string
  readonly file: string | undefined
  readonly text: string
}

/** The code of a chapter, block by block. */
function blocksIn(markdown: string, chapter: string): Block[] {
  const text = markdown.split(/^## /m).find(part => part.startsWith(chapter)) ?? ''
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, language, file, code]) => ({
    language: language!,
    file,
    text: code!,
  }))
}

/** Lines with a minus make way for those with a plus, as a reader would do it by hand. */
function change(path: string, diff: string): void {
  const lines = (sign: string) =>
    diff
      .split('\n')
      .filter(line => line.startsWith(sign))
      .map(line => `${line.slice(1)}\n`)
      .join('')
  const before = readFileSync(path, 'utf8')
  if (before.split(lines('-')).length !== 2) throw new Error(`${path} has not once: ${lines('-')}`)
  writeFileSync(
    path,
    before.replace(lines('-'), () => lines('+')),
  )
}

t.test('the tutorial does what it says, word for word', async t => {
  const cwd = temporaryFolder(t)
  const bin = join(cwd, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'stratum'), `#!/bin/sh\nexec '${process.execPath}' '${STRATUM}' "$@"\n`)
  chmodSync(join(bin, 'stratum'), 0o755)
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('STRATUM_'))
  const env = { ...Object.fromEntries(kept), PATH: `${bin}${delimiter}${process.env.PATH}` }
  const blocks = blocksIn(
    readFileSync(join(PROJECT, 'plugins/README.md'), 'utf8'),
    'A connector in ten minutes',
  )
  t.ok(blocks.length >= 7, `${blocks.length} blocks`)
  const printed: string[] = []
  for (const { language, file, text } of blocks) {
    if (language === 'diff') change(join(cwd, file!), text)
    else if (language === 'sh') {
      const { stdout } = await promisify(execFile)('sh', ['-ec', text], { cwd, env })
      printed.push(stdout)
    } else t.fail(`a block of ${language}`)
  }
  const [made = '', checked = '', again = '', asked = '', listed = ''] = printed
  t.match(made, /index\.mjs, simulator\.mjs, config\.example\.yaml, conformance\.test\.mjs/)
  t.match(checked, /^secrets +ok/m)
  t.notMatch(checked, /FAILED/)
  t.equal(checked.match(/"type":"RECORD"/g)?.length, 3)
  t.equal(again.match(/^\S+ +ok/gm)?.length, 3)
  t.match(asked, /dead_lettered +0/)
  t.match(asked, /^c1 +\d+ +\d+$/m, 'conversions are there')
  t.match(listed, /^acme +0\.1\.0 +ad_reports +\.\/acme$/m)
})

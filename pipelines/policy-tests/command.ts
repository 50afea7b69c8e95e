import type { Checks, TextFile } from '../../engine/cli/checks.ts'
import { isTree } from '../tree.ts'
import { documentOf } from './document.ts'
import { lintFile } from './lint-file.ts'
import { REACHABLE } from './model/coverage.ts'
import { isRule, testFile } from './test-file.ts'

/** Tests beside other files, and rules that have theirs inside: most YAML is not even parsed. */
function hasTests({ path, text }: TextFile): boolean {
  if (/\.test\.ya?ml$/.test(path)) return true
  if (!/\brule["']?\s*:/.test(text) || !/\btests["']?\s*:/.test(text)) return false
  const found = documentOf(text)
  return 'wrong' in found || (isTree(found.value) && isRule(found.value) && 'tests' in found.value)
}

/** `stratum test`, `stratum lint`. */
export const checks: Checks = { hasTests, test: testFile, reachable: REACHABLE, lint: lintFile }

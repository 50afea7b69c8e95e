import type { Checks } from '../../engine/cli/checks.ts'
import { lintFile } from './lint-file.ts'
import { REACHABLE } from './model/coverage.ts'
import { testFile } from './test-file.ts'

/** Tests beside other files, and rules that have theirs inside: found without reading YAML of everybody. */
const RULE = /^\s*(?:\{\s*)?["']?rule["']?\s*:/m
const TESTS = /^\s*["']?tests["']?\s*:/m

/** `stratum test`, `stratum lint`. */
export const checks: Checks = {
  hasTests: ({ path, text }) => /\.test\.ya?ml$/.test(path) || (RULE.test(text) && TESTS.test(text)),
  test: testFile,
  reachable: REACHABLE,
  lint: lintFile,
}

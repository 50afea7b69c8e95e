import { readdirSync, readFileSync } from 'node:fs'
import { parseRule } from './model/parse.ts'
import type { Rule } from './model/rule.ts'

/** Beside the sources: they are no code, and the package has them at the same place. */
const LIBRARY = new URL('../../../pipelines/rules/library/', import.meta.url)

/** Rules that a tenant may take as they are or change, by name; texts in YAML. */
export const libraryTexts = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(LIBRARY)
      .filter(name => name.endsWith('.yaml'))
      .sort()
      .map(name => [name, readFileSync(new URL(name, LIBRARY), 'utf8')]),
  )

/** @throws RECORD_INVALID: one of them is wrong */
export const loadLibrary = (): Rule[] =>
  Object.entries(libraryTexts()).map(([name, text]) => parseRule(text, name))

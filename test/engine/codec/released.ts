import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AvroSchema } from '../../../engine/codec/kind.ts'
import { incompatibility } from '../../../engine/codec/registry/compatibility.ts'
import { kindsOf } from '../../../engine/runtime/stores.ts'
import { app } from '../../../stratum.ts'
import { standard } from '../../support/engine.ts'

/** Schemas by name of the kind, as one release has written them. */
export type Schemas = Readonly<Record<string, AvroSchema>>

const ROOT = new URL('../../../../', import.meta.url)
const FOLDER = new URL('test/engine/codec/fixtures/released/', ROOT)
const fileOf = (release: string) => new URL(`${release}.json`, FOLDER)

export const thisRelease = (
  JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string }
).version

/** What this build writes. */
export function current(): Schemas {
  const kinds = kindsOf(app(standard)).sort((a, b) => (a.name < b.name ? -1 : 1))
  return Object.fromEntries(kinds.map(kind => [kind.name, kind.schema]))
}

/** Every release that was recorded, with its schemas. */
export function released(): [release: string, schemas: Schemas][] {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter(name => name.endsWith('.json')) : []
  return names
    .map(name => name.slice(0, -'.json'.length))
    .map(release => [release, JSON.parse(readFileSync(fileOf(release), 'utf8')) as Schemas])
}

/** What of earlier records `now` cannot read: one line for each kind. */
export function broken(earlier: Schemas, now: Schemas): string[] {
  return Object.entries(earlier).flatMap(([kind, schema]) => {
    const reader = now[kind]
    if (reader === undefined) return [`${kind}: there is no such kind any more`]
    const reason = incompatibility(reader, schema)
    return reason === null ? [] : [`${kind}: ${reason}`]
  })
}

// Run as a program it records the schemas of this build as those of the release in package.json.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const now = current()
  const refused = released().flatMap(([release, schemas]) =>
    broken(schemas, now).map(line => `${release} wrote what this build cannot read: ${line}`),
  )
  if (refused.length > 0) {
    for (const line of refused) console.error(line)
    process.exit(1)
  }
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(fileOf(thisRelease), `${JSON.stringify(now, null, 1)}\n`)
  console.log(`${Object.keys(now).length} schemas recorded for ${thisRelease}`)
}

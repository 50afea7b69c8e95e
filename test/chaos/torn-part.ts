import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Folders of the tables of a data directory. */
function tableFolders(dataDir: string): string[] {
  const store = join(dataDir, 'chdb', 'store')
  if (!existsSync(store)) return []
  return readdirSync(store)
    .flatMap(prefix => readdirSync(join(store, prefix)).map(name => join(store, prefix, name)))
    .filter(folder => existsSync(join(folder, 'deduplication_logs')))
}

/**
 * The part whose token is in a table's deduplication log while the part itself never came to be: what is left of a
 * program killed between the two. The store would acknowledge the same insert and write nothing. null: there is none.
 */
export function tornPart(dataDir: string): string | null {
  for (const folder of tableFolders(dataDir)) {
    const logs = join(folder, 'deduplication_logs')
    const newest = readdirSync(logs).sort(byNumber).at(-1)
    if (newest === undefined) continue
    // operation (1: added), part, block id
    const last = readFileSync(join(logs, newest), 'utf8').trimEnd().split('\n').at(-1)!
    const [operation, part] = last.split('\t')
    if (operation !== '1' || part === undefined) continue
    if (!existsSync(join(folder, part)) && existsSync(join(folder, `tmp_insert_${part}`))) return part
  }
  return null
}

const byNumber = (a: string, b: string): number => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0])

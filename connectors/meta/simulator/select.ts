import { KNOWN } from './object-fields.ts'
import { invalid } from './refused.ts'
import type { Shown } from './shown.ts'

/** `a,b{c,d}` as names with what is asked within them; a list may be JSON, or have the quotes that Python writes. */
export function parseFields(text: string | undefined): Map<string, string | null> {
  const found = new Map<string, string | null>()
  if (text === undefined || text === '') return found
  const list = text.trim().startsWith('[') ? text.replace(/[[\]"']/g, '') : text
  let depth = 0
  let word = ''
  const end = () => {
    const [, name = '', inner] = /^\s*([\w.]+)[^{]*(?:\{(.*)\})?\s*$/s.exec(word) ?? []
    if (name !== '') found.set(name, inner ?? null)
    word = ''
  }
  for (const letter of list) {
    if (letter === '{') depth++
    if (letter === '}') depth--
    if (letter === ',' && depth === 0) end()
    else word += letter
  }
  end()
  return found
}

const NODE_TYPES: Readonly<Record<string, string>> = {
  account: 'AdAccount',
  campaign: 'AdCampaignGroup',
  adset: 'AdCampaign',
  ad: 'Adgroup',
  pixel: 'AdsPixel',
  user: 'User',
  run: 'AdReportRun',
}

/** The fields that were asked for, and the id. @throws Refused: there is no such field */
export function selected(shown: Shown, kind: string, fields: string | undefined): Shown {
  const asked = parseFields(fields)
  const chosen: Record<string, unknown> = {}
  for (const [name, inner] of asked) {
    if (!KNOWN[kind]!.has(name))
      throw invalid(`Tried accessing nonexisting field (${name}) on node type (${NODE_TYPES[kind]})`)
    const value = shown[name]
    if (value === undefined) continue
    chosen[name] =
      inner === null || typeof value !== 'object' || value === null ? value : within(value as Shown, inner)
  }
  return { ...chosen, id: shown.id }
}

function within(value: Shown, fields: string): Shown {
  const names = [...parseFields(fields).keys()]
  return Object.fromEntries(Object.entries(value).filter(([name]) => name === 'id' || names.includes(name)))
}

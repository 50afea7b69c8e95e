const NAMES = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Regions of CLDR that are no countries: the EU, the UN, the euro zone, pseudo-locales, unknown. */
const NONE = new Set(['EU', 'UN', 'EZ', 'XA', 'XB', 'ZZ', 'QO'])
/** Withdrawn from ISO 3166; the same names are of their successors. */
const WITHDRAWN = new Set([
  'BU',
  'CS',
  'DD',
  'DY',
  'FX',
  'HV',
  'NH',
  'NT',
  'RH',
  'SU',
  'TP',
  'UK',
  'VD',
  'YD',
  'YU',
  'ZR',
  'AN',
])

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '')

/** How else countries are written. */
const OTHERWISE: Readonly<Record<string, string>> = {
  usa: 'US',
  unitedstatesofamerica: 'US',
  america: 'US',
  uk: 'GB',
  greatbritain: 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  northernireland: 'GB',
  deutschland: 'DE',
  osterreich: 'AT',
  schweiz: 'CH',
  espana: 'ES',
  italia: 'IT',
  turkey: 'TR',
  czechrepublic: 'CZ',
  holland: 'NL',
  korea: 'KR',
  uae: 'AE',
}

const CODES: ReadonlyMap<string, string> = new Map([
  ...[...LETTERS].flatMap(a =>
    [...LETTERS].flatMap((b): [string, string][] => {
      const code = a + b
      const name = NONE.has(code) || WITHDRAWN.has(code) ? undefined : NAMES.of(code)
      return name
        ? [
            [plain(name), code],
            [code.toLowerCase(), code],
          ]
        : []
    }),
  ),
  ...Object.entries(OTHERWISE),
])

/** ISO 3166-1 alpha-2, upper case, of a code or an English name; null: it is neither. */
export const countryCode = (text: string): string | null => CODES.get(plain(text)) ?? null

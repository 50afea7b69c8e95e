import { platformTitle, possessive } from './words.ts'

/** How people call a source of data, and what it looks like when more of it comes. */
export interface SourceWords {
  readonly data: string
  readonly next: string
  readonly first: string
}

export function sourceWords(source: string, platform: string): SourceWords {
  const title = platformTitle(platform)
  const report = (what: string): SourceWords => ({
    data: `${possessive(title)} ${what} data`,
    next: `${possessive(title)} next ${what} report arrives`,
    first: `${possessive(title)} first ${what} report arrives`,
  })
  switch (source) {
    case 'spend':
      return report('spend')
    case 'conversions':
      return report('conversion')
    case 'ga4':
      return {
        data: "Google Analytics' data",
        next: 'newer data of Google Analytics arrives',
        first: 'the first data of Google Analytics arrives',
      }
    case 'capi':
      return {
        data: `the data sent to ${title}`,
        next: `newer conversions are sent to ${title}`,
        first: `the first conversions are sent to ${title}`,
      }
    default:
      return { data: source, next: `newer data of ${source} arrives`, first: `data of ${source} arrives` }
  }
}

import { type SliceContext, sliced } from '../../../plugins/contract.ts'
import type { Page, Position } from '../../../plugins/http/index.ts'
import { AdReportRecord } from '../../../plugins/records/ad-report.ts'
import { byDay, type DaySlice, type PartSlice, PositionLost } from '../../../plugins/sync/index.ts'
import type { Account } from '../api/account.ts'
import type { Snapchat } from '../api/client.ts'
import { type Envelope, isNotFound, outcomesOf } from '../api/envelope.ts'
import type { Context } from '../context.ts'
import { LONGEST_WINDOW_DAYS, type Settings } from '../settings.ts'
import { ahead } from './ahead.ts'
import { byAccount } from './by-account.ts'
import { type Rows, rowsOf } from './rows.ts'
import { DAYS_OF_A_CALL, reportsOf, statsQuery } from './stats.ts'

/** Calls under way at once: enough for ten a second when an answer takes half of one. Their answers are in memory. */
const IN_FLIGHT = 5

/** The day itself, those its conversions come in on, and the one on which it is seen to be settled. */
const RESTATED_DAYS = LONGEST_WINDOW_DAYS + 2

/**
 * Where a run is within an account's days: the campaign, and the link of its page (left out: the first). Campaigns go
 * by the order of their ids, so that one more or one less changes nothing for the others.
 */
type Place = {
  readonly campaign: string
  readonly link?: string
}

type ReportContext = SliceContext<Settings, Snapchat, PartSlice<Account, DaySlice>>

/**
 * Ads by day. Asked campaign by campaign with a breakdown by ad: at the level of the account the API gives nothing
 * but `spend` (platforms.md §4.2).
 */
export const adReports = sliced({
  title: 'Ads by day',
  kind: 'ad_report',
  schema: AdReportRecord,
  primaryKey: ['account_id', 'campaign_id', 'ad_id', 'date'],
  cursor: byAccount('date', ({ zone }) =>
    byDay<Context>('date', {
      restated: RESTATED_DAYS,
      slice: DAYS_OF_A_CALL,
      history: ({ config }) => config.history_days,
      zone: () => zone,
    }),
  ),
  async *read(context: ReportContext) {
    const { client, slice, notice } = context
    const structure = client.structure(slice.part.id)
    const [campaigns, adsets] = [await structure.campaigns(), await structure.ads()]
    const refused = structure.takeRefused()
    if (refused > 0)
      notice(
        `Snapchat refuses to list ${refused} of the objects of ad account ${slice.part.id}: what they report may be missing`,
      )
    const place = context.from as Place | null
    const left = campaigns.filter(id => place === null || id >= place.campaign)
    const linkOf = (id: string) => (id === place?.campaign ? (place.link ?? null) : null)
    let index = 0
    for await (const [campaign, pages] of ahead(left, IN_FLIGHT, id => begun(context, id, linkOf(id)))) {
      const after = left[++index]
      const behind: Position | null = after === undefined ? null : { campaign: after }
      for await (const page of pages) {
        const next = page.next === null ? behind : { campaign, link: String(page.next) }
        yield { ...recordsOf(context, page, campaign, adsets), next }
      }
    }
  },
})

function recordsOf(
  { slice, config, now }: ReportContext,
  page: Page<Envelope>,
  campaign: string,
  adsets: ReadonlyMap<string, string>,
): Rows<AdReportRecord> {
  const of = { account: slice.part, campaign, days: slice.slice, adsets, settings: config, asOf: now() }
  const outcomes = outcomesOf(page.body, 'timeseries_stats', 'timeseries_stat')
  const { records, rejected } = rowsOf(outcomes, `statistics of campaign ${campaign}`, s => reportsOf(s, of))
  return {
    records: records.flatMap(rows => rows.records),
    rejected: [...rejected, ...records.flatMap(rows => rows.rejected)],
  }
}

/** The pages of a campaign's statistics; the first is there already. */
async function begun(
  context: ReportContext,
  campaign: string,
  link: string | null,
): Promise<AsyncIterable<Page<Envelope>>> {
  const { client, config, slice, notice } = context
  const query = statsQuery(config, slice.slice)
  const pages = client.pages(`campaigns/${encodeURIComponent(campaign)}/stats`, query, link)
  try {
    return joined(await pages.next(), pages)
  } catch (error) {
    if (error instanceof PositionLost) return begun(context, campaign, null)
    if (!isNotFound(error)) throw error
    notice(`campaign ${campaign} was listed and is not there any more: its statistics are left out`)
    await pages.return(undefined)
    return pages
  }
}

async function* joined<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done) return
  yield first.value
  yield* rest
}

export type Level = 'campaign' | 'adset' | 'ad'

const ALL = [
  ...['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED', 'IN_PROCESS', 'WITH_ISSUES', 'CAMPAIGN_PAUSED'],
  ...['ADSET_PAUSED', 'PENDING_REVIEW', 'DISAPPROVED', 'PREAPPROVED', 'PENDING_BILLING_INFO'],
]
const OF_LEVEL: Readonly<Record<Level, readonly string[]>> = {
  campaign: ALL.slice(0, 6),
  adset: ALL.slice(0, 7),
  ad: ALL,
}

/** A filter that lets every status through: without it, what is archived or deleted is left out. */
export const everyStatus = (level: Level) => [
  { field: `${level}.effective_status`, operator: 'IN', value: OF_LEVEL[level] },
]

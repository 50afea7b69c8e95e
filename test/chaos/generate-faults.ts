/** Rows of an export that cannot become events, each for a reason of its own. */
export const FAULTS = [
  'cut off',
  'no object',
  'not UTF-8',
  'no time',
  'time in seconds',
  'no such day',
  'no name',
  'parameters as text',
  'in the future',
  'too large',
] as const

export type RowFault = (typeof FAULTS)[number]

/** Beyond what is kept inline, and beyond a row's limit: its bytes are stored beside the log. */
const LARGE = 1_200_000

/** The row of a fault; every day has another one, so that each is a dead letter of its own. */
export function damaged(fault: RowFault, day: number): Buffer {
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
  const row: Record<string, unknown> = {
    event_date: '20210111',
    event_timestamp: String(1_610_323_200_000_000 + day),
    event_name: 'page_view',
    event_params: [],
    user_pseudo_id: `bad.${day}`,
  }
  switch (fault) {
    case 'cut off':
      return bytes(row).subarray(0, 60 + day)
    case 'no object':
      return bytes([day])
    case 'not UTF-8':
      return Buffer.concat([bytes(row).subarray(0, -1), Buffer.from(',"x":"\xff\xfe"}', 'latin1')])
    case 'no time':
      return bytes({ ...row, event_timestamp: `yesterday ${day}` })
    case 'time in seconds':
      return bytes({ ...row, event_timestamp: 1_610_323_200 + day })
    case 'no such day':
      return bytes({ ...row, event_date: `2021023${day}` })
    case 'no name':
      return bytes({ ...row, event_name: '' })
    case 'parameters as text':
      return bytes({ ...row, event_params: `a=${day}` })
    case 'in the future':
      return bytes({ ...row, event_timestamp: String(Date.UTC(2040, 0, 1 + day) * 1000) })
    case 'too large':
      return bytes({ ...row, note: `${day}${'x'.repeat(LARGE)}` })
  }
}

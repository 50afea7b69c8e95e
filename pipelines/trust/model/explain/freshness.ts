import type { SourceFreshness } from '../freshness.ts'
import type { Cap } from '../gate/caps.ts'
import { type About, capFrom, type Told } from './about.ts'
import { sourceWords } from './sources.ts'
import { agoText, listed, scoreText, timeText } from './words.ts'

/** Data too old, missing, or from the future: the worst source says why, every one that is too bad has to come. */
export function tellFreshness(cap: Cap, about: About): Told {
  const { platform, components } = about.decision.inputs
  const from = capFrom(cap, about)
  const bad = decidingSources(about).filter(({ value }) => value === null || value < from)
  const worst = bad[0]
  if (worst === undefined) {
    const { data, first } = sourceWords('spend', platform)
    return { because: `freshness is unknown: ${data} has not come yet`, until: first }
  }
  const isUnknown = components.freshness === null
  const bound = cap.code === 'FRESHNESS_ZERO' ? '' : ` (below ${from})`
  const found = isUnknown ? 'unknown' : `${scoreText(components.freshness ?? 0)}${bound}`
  return {
    because: `freshness is ${found}: ${reach(worst, about)}`,
    until: listed(bad.map(source => need(source, platform))),
  }
}

function reach(source: SourceFreshness, { decision, zone }: About): string {
  const { data } = sourceWords(source.name, decision.inputs.platform)
  if (source.watermark === null) return `${data} has not come yet`
  if (source.code === 'WATERMARK_IN_FUTURE')
    return `${data} claims to reach to ${timeText(source.watermark, zone)}, which is still to come`
  return `${data} ends ${agoText(source.watermark, decision.inputs.now, zone)}`
}

function need(source: SourceFreshness, platform: string): string {
  const { data, next, first } = sourceWords(source.name, platform)
  if (source.watermark === null) return first
  return source.code === 'WATERMARK_IN_FUTURE' ? `${data} comes with a time that is not in the future` : next
}

/** The sources that decide freshness in the decision's scope, the one that limits it first. */
function decidingSources({ decision, trust: { freshness } }: About): readonly SourceFreshness[] {
  if (decision.inputs.scope === 'delivery') return freshness.sources.filter(({ name }) => name === 'spend')
  const isFirst = (source: SourceFreshness) => source.name === freshness.limiting
  const required = freshness.sources.filter(source => source.required)
  return [...required.filter(isFirst), ...required.filter(source => !isFirst(source))]
}

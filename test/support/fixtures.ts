import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deadLetterKind } from '../../engine/deadletter/dead-letter.ts'
import { deadLettersTable } from '../../engine/deadletter/table.ts'
import { fixedClock } from '../../engine/clock/clock.ts'
import { tickKind } from '../../engine/clock/tick.ts'
import { type EngineOptions, silent } from '../../engine/runtime/options.ts'
import type { Source } from '../../engine/source/port.ts'
import type { Application } from '../../engine/stage/topology.ts'
import { adMetrics, adMetricsKind } from '../../pipelines/ad-metrics/stage.ts'
import { adMetricsTable } from '../../pipelines/ad-metrics/tables.ts'
import { funnel, funnelPartialKind } from '../../pipelines/funnel/stage.ts'
import { funnelTable } from '../../pipelines/funnel/tables.ts'
import { deduplicate } from '../../pipelines/ingest/deduplicate.ts'
import { adReportKind, eventKind } from '../../pipelines/ingest/facts.ts'
import { normalise } from '../../pipelines/ingest/normalise.ts'
import { toPersons } from '../../pipelines/ingest/route.ts'
import { eventsTable } from '../../pipelines/ingest/tables.ts'
import { sessionKind, sessions } from '../../pipelines/sessions/stage.ts'
import { sessionsTable } from '../../pipelines/sessions/tables.ts'

/** A folder that is gone when the test is over. */
export function temporaryFolder(t: { teardown(fn: () => void): void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'stratum-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

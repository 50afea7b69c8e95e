import { fatalError } from '../../../plugins/errors.ts'
import { isTooLarge, MISSING_OR_FORBIDDEN, REPORT_NOT_LOADED } from './codes.ts'

/** Code and subcode of Meta's error. */
export class GraphCode {
  readonly code: number
  readonly subcode: number | null
  constructor(code: number, subcode: number | null) {
    this.code = code
    this.subcode = subcode
  }
}

/** An error with the code Meta gave it. */
export const marked = <E extends Error>(error: E, graph: GraphCode): E => Object.assign(error, { graph })

const graphOf = (error: unknown): GraphCode | null => (error as { graph?: GraphCode } | null)?.graph ?? null

/** There is no such object, or it may not be seen: Meta does not tell which. */
export const isMissing = (error: unknown): boolean => {
  const graph = graphOf(error)
  return graph?.code === 100 && graph.subcode === MISSING_OR_FORBIDDEN
}

/** A smaller request may succeed. */
export const isTooMuch = (error: unknown): boolean => {
  const graph = graphOf(error)
  return graph !== null && isTooLarge(graph.code, (error as Error).message)
}

/** Meta does not know a field, an edge, a cursor or an object. */
export const isInvalid = (error: unknown): boolean => graphOf(error)?.code === 100

/** A report is not there. */
export const isNotLoaded = (error: unknown): boolean => graphOf(error)?.code === REPORT_NOT_LOADED

/** Where somebody asked for one thing by its id. */
export const notThere = (what: string, id: string, error: unknown): unknown =>
  isMissing(error)
    ? marked(
        fatalError(`there is no ${what} ${id} that this connection may see`, { cause: error }),
        graphOf(error)!,
      )
    : error

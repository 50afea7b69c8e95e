import type { Source } from '../source/port.ts'

/** A file that somebody wrote. */
export interface TextFile {
  /** As it was named or found. */
  readonly path: string
  readonly text: string
}

/** One thing that is wrong in a file. */
export interface FileProblem {
  readonly file: string
  /** JSON pointer; '': the whole. */
  readonly path: string
  readonly reason: string
}

export interface CaseResult {
  readonly file: string
  readonly name: string
  readonly ok: boolean
  readonly failures: readonly {
    /** The step, as it was written; null: there is only one. */
    readonly at: string | null
    readonly field: string
    readonly expected: unknown
    readonly came: unknown
  }[]
}

export interface Tested {
  readonly cases: readonly CaseResult[]
  /** With these there are no cases. */
  readonly problems: readonly FileProblem[]
  /** What cases came to, by kind. */
  readonly reached: readonly Readonly<Record<string, readonly string[]>>[]
}

/** What an application can check in files: the command line finds and reads them, and prints what comes of it. */
export interface Checks {
  /** Whether a file that was found has tests. */
  hasTests(file: TextFile): boolean
  /** @param read text of a file that this one names, by its path */
  test(file: TextFile, read: (path: string) => string): Tested
  /** All that cases can come to, by kind. */
  readonly reachable: Readonly<Record<string, readonly string[]>>
  lint(
    file: TextFile,
    context: {
      readonly sources: readonly Source[]
      /** It was named, and not merely found. */
      readonly isNamed: boolean
      read(path: string): string
    },
  ): {
    /** What it was taken for; null: nothing that is known. */
    readonly what: string | null
    readonly problems: readonly FileProblem[]
  }
}

/** Loaded when it is asked for: other commands answer sooner without it. */
export type LoadChecks = () => Promise<Checks>

import { fileURLToPath } from 'node:url'

/** Where the compiled program is: `dist`. */
export const COMPILED = fileURLToPath(new URL('../..', import.meta.url))

/** The repository's root. */
export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))

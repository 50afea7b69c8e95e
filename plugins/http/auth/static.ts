import type { Part } from '../part.ts'

/** `Authorization: Bearer …` with a token that does not change. */
export const bearer = (token: string): Part => ({
  prepare({ headers }) {
    headers.authorization = `Bearer ${token}`
  },
  secrets: () => [token],
})

/** A credential in a header of the platform's own: `header('Access-Token', token)`. */
export const header = (name: string, value: string): Part => ({
  prepare({ headers }) {
    headers[name.toLowerCase()] = value
  },
  secrets: () => [value],
})

/** A credential in the query: `query('access_token', token)`. */
export const queryToken = (name: string, value: string): Part => ({
  prepare({ url }) {
    url.searchParams.set(name, value)
  },
  secrets: () => [value],
})

/** What happens to an answer instead of reaching the connector whole. */
export type Fault =
  /** Another answer. `echo`: its body holds all that was sent, as careless platforms and gateways do. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
      readonly echo?: true
    }
  /** None comes; the connection stays open. */
  | { readonly kind: 'silent' }
  /** The connection is dropped before an answer. */
  | { readonly kind: 'drop' }
  /** The connection is dropped in the middle of the body. */
  | { readonly kind: 'cut' }
  /** Half a body, which says that it is whole: something on the way has cut it. */
  | { readonly kind: 'half' }
  /** It comes whole, and then something happens. */
  | { readonly kind: 'whole'; after(): void }

/** Which answers are spoiled, and how: asked with the number of each request from now on, from 1. */
export type Plan = (n: number) => Fault | null

export const always =
  (fault: Fault): Plan =>
  () =>
    fault

export const only =
  (at: number, fault: Fault): Plan =>
  n =>
    n === at ? fault : null

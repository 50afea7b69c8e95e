type Shown = { readonly properties: Readonly<Record<string, unknown>> } & Readonly<Record<string, unknown>>

/** What the platform may do one day: faults to order. */
export class Whims {
  /** Lists have nothing in them. */
  isEmpty = false
  /** A page of a list begins with the last rows of the one before. */
  repeats = false
  drift: 'added' | 'retyped' | 'missing' | null = null

  /** An object as it is shown since the platform has changed. */
  spoilt(object: Shown): object {
    const { properties } = object
    switch (this.drift) {
      case null:
        return object
      case 'added':
        return {
          ...object,
          brandNew: { a: [1] },
          properties: { ...properties, brand_new: 'x', hs_new: null },
        }
      case 'retyped': {
        const numbers = {
          createdate: Date.parse(String(properties.createdate)),
          hs_object_id: Number(object.id),
        }
        return { ...object, id: Number(object.id), properties: { ...properties, ...numbers } }
      }
      case 'missing': {
        const { createdate: _, lifecyclestage: __, pipeline: ___, ...rest } = properties
        const { createdAt: ____, ...whole } = object
        return { ...whole, properties: rest }
      }
    }
  }
}

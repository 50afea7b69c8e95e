/** Geo targets of countries: 2000 and the number of ISO 3166-1. The ones that worlds are likely to have. */
const NUMBERS =
  'AE784 AR32 AT40 AU36 BE56 BG100 BH48 BR76 CA124 CH756 CL152 CN156 CO170 CZ203 DE276 DK208 EE233 EG818 ES724 FI246 FR250 GB826 GR300 HK344 HR191 HU348 ID360 IE372 IL376 IN356 IS352 IT380 JO400 JP392 KR410 KW414 LT440 LU442 LV428 MX484 MY458 NG566 NL528 NO578 NZ554 OM512 PE604 PH608 PL616 PT620 QA634 RO642 RS688 SA682 SE752 SG702 SI705 SK703 TH764 TN788 TR792 TW158 UA804 US840 VN704 ZA710'

const IDS = new Map(
  NUMBERS.split(' ').map(entry => [entry.slice(0, 2), String(2000 + Number(entry.slice(2)))] as const),
)

/** @throws RangeError: a country that the simulator does not know */
export function geoTargetOf(country: string): string {
  const id = IDS.get(country)
  if (id === undefined) throw new RangeError(`the simulator has no geo target for the country ${country}`)
  return id
}

export const geoTargets = (): readonly (readonly [string, string])[] => [...IDS]

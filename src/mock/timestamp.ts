/** Epoch milliseconds as EclecticIQ writes times: ISO 8601 with microseconds and an offset, `2019-07-14T12:41:10.063375+00:00`. */
export const timestamp = (ms: number) => new Date(ms).toISOString().replace('Z', '000+00:00')

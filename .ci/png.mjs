import { crc32, deflateSync } from 'node:zlib'

/** The pixels of a PNG as RGBA, read by a page of the browser. */
export async function pixelsOf(page, png) {
  const text = await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const reader = new FileReader()
    reader.readAsDataURL(new Blob([data]))
    await new Promise((resolve) => (reader.onload = resolve))
    return `${image.width},${image.height},${reader.result.split(',')[1]}`
  }, png.toString('base64'))
  const [width, height, data] = text.split(',')
  return { width: Number(width), height: Number(height), data: Buffer.from(data, 'base64') }
}

// The square of a distance between colours: nobody sees it, and blurred shadows become half as large.
const TOO_NEAR = 6

/** The same picture with 256 colours at most, its most frequent ones; every other becomes the nearest of them. */
export function toSmallPng({ width, height, data }) {
  const counts = new Map()
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.readUIntBE(at, 3)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]
  const distance = (a, b) => channels(a).reduce((sum, value, at) => sum + (value - channels(b)[at]) ** 2, 0)
  const palette = []
  for (const colour of [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)))
    if (palette.length < 256 && palette.every((one) => distance(one, colour) > TOO_NEAR)) palette.push(colour)
  const nearest = (colour) =>
    palette.reduce((best, one, at) => {
      return distance(one, colour) < distance(palette[best], colour) ? at : best
    }, 0)
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearest(colour)]))
  // Each line begins with its filter: none.
  const lines = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      lines[y * (width + 1) + 1 + x] = indexes.get(data.readUIntBE((y * width + x) * 4, 3))
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits a pixel, by palette (PNG, section 11.2.1).
  header.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body) >>> 0, body.length + 4)
  return out
}

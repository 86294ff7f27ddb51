import { base64url, exportSPKI, generateKeyPair, importJWK, type JWK } from 'jose'

type Json = Record<string, unknown>

const encoder = new TextEncoder()
const encode = (value: unknown) => base64url.encode(typeof value === 'string' ? value : JSON.stringify(value))
const decode = (part: string): Json => JSON.parse(new TextDecoder().decode(base64url.decode(part)))

/** Signs what is already JSON text, or is to be, with a secret, whatever the header says. */
export async function signHmac(header: unknown, payload: unknown, secret: Uint8Array<ArrayBuffer>): Promise<string> {
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, hmac, false, ['sign'])
  const input = `${encode(header)}.${encode(payload)}`
  return `${input}.${base64url.encode(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(input))))}`
}

/** Signs as RS256, whatever the header says. */
export async function signRsa(header: unknown, payload: unknown, key: CryptoKey): Promise<string> {
  const input = `${encode(header)}.${encode(payload)}`
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, encoder.encode(input))
  return `${input}.${base64url.encode(new Uint8Array(signature))}`
}

/** A token taken apart. */
export function takeApart(token: string) {
  const [head, body, signature] = token.split('.') as [string, string, string]
  return { head, body, signature, header: decode(head), payload: decode(body) }
}

// A zeroed key is to HMAC what an empty one is: what /dev/null would be read as (RFC 2104 §2).
const EMPTY = new Uint8Array(32)
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

// Made before anyone looks at how keys are made.
const making = generateKeyPair('RS256')

/**
 * Tokens that someone makes who has a genuine one and a public key, but no key that signs: by what was done to each.
 * Those that a header can not carry are left out there, as are those in which a header or a cookie changes nothing.
 */
export async function forgeries(genuine: string, publicKey: JWK, carrier: 'header' | 'body' | 'cookie') {
  const { head, body, signature, header, payload } = takeApart(genuine)
  const own = crypto.getRandomValues(new Uint8Array(32))
  const stranger = await making
  const made: Record<string, string> = {}

  for (const alg of ['none', 'None', 'NONE', 'NoNe', ' none', '', null, undefined, 0, ['HS256'], 'HS256\0', 'hs256']) {
    made[`alg ${JSON.stringify(alg)} with the signature`] = `${encode({ ...header, alg })}.${body}.${signature}`
    made[`alg ${JSON.stringify(alg)} without a signature`] = `${encode({ ...header, alg })}.${body}.`
    made[`alg ${JSON.stringify(alg)} in two parts`] = `${encode({ ...header, alg })}.${body}`
  }
  for (const alg of ['HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'EdDSA', 'HS256', 'A128KW', 'dir']) {
    if (alg !== header.alg) made[`labelled as ${alg}`] = `${encode({ ...header, alg })}.${body}.${signature}`
    made[`signed with our secret as ${alg}`] = await signHmac({ ...header, alg }, payload, own)
    made[`signed with our RSA key as ${alg}`] = await signRsa({ ...header, alg }, payload, stranger.privateKey)
  }

  const pem = await exportSPKI((await importJWK(publicKey, 'RS256')) as CryptoKey)
  const published = {
    PEM: pem,
    'PEM without its last line feed': pem.trimEnd(),
    JWK: JSON.stringify(publicKey),
    n: publicKey.n!,
  }
  for (const [form, text] of Object.entries(published)) {
    const key = encoder.encode(text)
    made[`HS256 by the public key as ${form}`] = await signHmac({ ...header, alg: 'HS256' }, payload, key)
    made[`HS256 by the public key as ${form}, kid and all`] = await signHmac(
      { ...header, alg: 'HS256', kid: publicKey.kid },
      payload,
      key,
    )
  }

  const kids = [
    '../../../../dev/null',
    '/dev/null',
    '',
    '0',
    '__proto__',
    'constructor',
    '*',
    'AAAA\0',
    'k'.repeat(3000),
  ]
  for (const kid of [
    ...kids,
    "x' UNION SELECT 'AAAA' -- ",
    '| sleep 10',
    'http://localhost/k',
    null,
    0,
    -1,
    true,
    [],
    {},
  ]) {
    const named = { ...header, alg: 'HS256', kid }
    made[`kid ${JSON.stringify(kid).slice(0, 40)}, an empty key`] = await signHmac(named, payload, EMPTY)
    made[`kid ${JSON.stringify(kid).slice(0, 40)}, the key AAAA`] = await signHmac(
      named,
      payload,
      encoder.encode('AAAA'),
    )
    made[`kid ${JSON.stringify(kid).slice(0, 40)}, RS256`] = await signRsa(
      { ...named, alg: 'RS256' },
      payload,
      stranger.privateKey,
    )
  }
  made['without a kid'] = await signHmac({ ...header, alg: 'HS256', kid: undefined }, payload, own)

  const jwk = { kty: 'oct', k: base64url.encode(own), alg: 'HS256' }
  const pointers = {
    jwk,
    jku: 'http://localhost/keys.json',
    x5u: 'http://localhost/chain.pem',
    x5c: ['MIIB'],
    'jwk of RSA': await crypto.subtle.exportKey('jwk', stranger.publicKey),
  }
  for (const [name, value] of Object.entries(pointers)) {
    const pointing = { ...header, [name.split(' ')[0]!]: value }
    made[`a key by ${name}, HS256`] = await signHmac({ ...pointing, alg: 'HS256' }, payload, own)
    made[`a key by ${name}, RS256`] = await signRsa({ ...pointing, alg: 'RS256' }, payload, stranger.privateKey)
    made[`a key by ${name} that was not signed`] = `${encode(pointing)}.${body}.${signature}`
  }
  const additions = [
    { crit: ['exp'] },
    { crit: [] },
    { crit: 'exp' },
    { crit: ['b64'], b64: false },
    { zip: 'DEF' },
    { cty: 'JWT' },
  ]
  for (const more of [...additions, { enc: 'A256GCM', alg: 'dir' }, { typ: 'JOSE+JSON' }]) {
    made[`a header with ${JSON.stringify(more)}`] = `${encode({ ...header, ...more })}.${body}.${signature}`
  }

  for (const claims of [
    { exp: 9_999_999_999 },
    { exp: '9999999999' },
    { exp: 1e308 },
    { exp: undefined },
    { iss: 'https://evil.example/' },
    { aud: 'other' },
    { sub: '8', user_id: 8 },
  ]) {
    const [changedHeader, changedPayload] = [{ ...header }, { ...payload, ...claims }]
    for (const name of Object.keys(claims))
      if (name in header) Object.assign(changedHeader, { [name]: claims[name as never] })
    const what = JSON.stringify(claims, (_, value) => value ?? 'nothing')
    made[`${what} under the old signature`] = `${encode(changedHeader)}.${encode(changedPayload)}.${signature}`
    made[`${what} with a key of ours`] = await signHmac({ ...changedHeader, alg: 'HS256' }, changedPayload, own)
  }
  const [headText, bodyText] = [JSON.stringify(header), JSON.stringify(payload)]
  made['alg said twice'] = `${encode(`${headText.slice(0, -1)},"alg":"none"}`)}.${body}.`
  made['alg said twice, first none'] = `${encode(`{"alg":"none",${headText.slice(1)}`)}.${body}.${signature}`
  made['exp said twice'] = `${head}.${encode(`${bodyText.slice(0, -1)},"exp":9999999999}`)}.${signature}`
  made['a header with a byte order mark'] = `${encode(`\uFEFF${headText}`)}.${body}.${signature}`
  made['a header of lone surrogates'] = `${encode('{"alg":"HS256","kid":"\\ud800"}')}.${body}.${signature}`
  made['a header 2000 levels deep'] = `${encode('['.repeat(2000) + ']'.repeat(2000))}.${body}.${signature}`
  made['a header that is null'] = `${encode('null')}.${body}.${signature}`
  made['a header that is a list'] = `${encode('[]')}.${body}.${signature}`

  const other = ALPHABET[(ALPHABET.indexOf(signature[0]!) + 1) % 64]!
  Object.assign(made, {
    'another first letter of the signature': `${head}.${body}.${other}${signature.slice(1)}`,
    'an empty signature': `${head}.${body}.`,
    'a signature cut short': genuine.slice(0, -1),
    'a signature made longer': `${genuine}AAAA`,
    'half of it': genuine.slice(0, genuine.length / 2),
    'header and payload': `${head}.${body}`,
    nothing: '',
    dots: '...',
    'two dots': '..',
    'a dot more behind': `${genuine}.`,
    'a dot more in front': `.${genuine}`,
    'a fourth part': `${genuine}.${signature}`,
    'five parts, as JWE has them': `${encode({ alg: 'dir', enc: 'A256GCM' })}..${signature.slice(0, 16)}.${body}.${signature.slice(0, 22)}`,
    'JWE that wraps it': `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM', cty: 'JWT' })}.${signature}.${signature.slice(0, 16)}.${encode(genuine)}.${signature.slice(0, 22)}`,
    'the parts in another order': `${body}.${head}.${signature}`,
    'JSON serialization': JSON.stringify({ protected: head, payload: body, signature }),
    padding: `${genuine}=`,
    'a space in it': `${genuine.slice(0, -20)} ${genuine.slice(-20)}`,
    'a tab in it': `${genuine.slice(0, -20)}\t${genuine.slice(-20)}`,
    'itself twice': `${genuine} ${genuine}`,
    'itself twice, with a comma': `${genuine}, ${genuine}`,
    'the scheme twice': `Bearer ${genuine}`,
    'a letter of Latin': `${genuine.slice(0, -1)}\u00e9`,
    'upper case': genuine.toUpperCase(),
    '60 kB': 'x'.repeat(60_000),
    '60 kB of dots': '.'.repeat(60_000),
    '60 kB of payload': `${head}.${'A'.repeat(60_000)}.${signature}`,
    __proto__: '__proto__',
  })
  // A space at an end, quotes and percent signs belong to the cookie or the header, not to the token in it.
  if (carrier === 'header') made['quotes around it'] = `"${genuine}"`
  if (carrier === 'body') {
    Object.assign(made, {
      'a space behind': `${genuine} `,
      'a line feed behind': `${genuine}\n`,
      'a NUL behind': `${genuine}\0`,
      'a line feed in the signature': `${genuine.slice(0, -20)}\n${genuine.slice(-20)}`,
      'no Latin': `${genuine.slice(0, -1)}\u{1f511}`,
      'full-width dots': genuine.replaceAll('.', '\uff0e'),
      'a lone surrogate': `${genuine}\ud800`,
    })
  } else {
    made['100 kB of header'] = `${'A'.repeat(100_000)}.${body}.${signature}`
    made['8 MB'] = `${head}.${body}.${'A'.repeat(8_000_000)}`
  }
  return made
}

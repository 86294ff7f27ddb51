import type { Malformation } from './faults.ts'

const PAGE = '<!doctype html><title>Welcome</title><h1>Please accept the terms of this network</h1>'

const spoilt: Record<Malformation, (body: string) => string> = {
  json: (body) => body.slice(0, Math.floor(body.length / 2)),
  html: () => PAGE,
  empty: () => '',
  shape: () => '{"unexpected":"shape"}',
}

/** An answer with its body spoilt; status and other headers stay, and an answer without a body is left as it is. */
export async function malform(response: Response, how: Malformation): Promise<Response> {
  if (response.body === null) return response
  const headers = new Headers(response.headers)
  headers.delete('Content-Length')
  if (how === 'html') headers.set('Content-Type', 'text/html; charset=utf-8')
  return new Response(spoilt[how](await response.text()), { status: response.status, headers })
}

/** What the demo may load and do: a Content-Security-Policy without `unsafe-inline` and `unsafe-eval`, Trusted Types on. ASVS 3.4.3. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'img-src': 'data:',
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
}

const written = (policy: Record<string, string>): string =>
  Object.entries(policy)
    .map((directive) => directive.join(' '))
    .join('; ')

/** The policy for a page that any static host may serve, as in a `<meta http-equiv>`. */
export const pagePolicy = written(POLICY)

/** The policy of the demo with its server inside: it sends nothing anywhere, and starts one worker at an address of its own. */
export const policyWithoutServer = written({
  ...POLICY,
  'connect-src': "'none'",
  'worker-src': "'self'",
  'trusted-types': 'stillhere-demo-server',
})

/** What Vite's client needs besides: what is inline and bears the nonce, and a worker of its own making that waits for a restart. */
function whileDeveloping(nonce: string): Record<string, string> {
  const { 'require-trusted-types-for': _, 'trusted-types': __, ...policy } = POLICY
  const own = `'self' 'nonce-${nonce}'`
  return { ...policy, 'script-src': own, 'style-src': own, 'worker-src': 'blob:' }
}

/** The headers for a server of the demo, the development server where a nonce is given. ASVS 3.4.3 – 3.4.6 and 3.4.8. */
export function headersOf(nonce?: string): Record<string, string> {
  const policy = nonce ? whileDeveloping(nonce) : POLICY
  return {
    // A meta element may not say who may frame the page.
    'Content-Security-Policy': written({ ...policy, 'frame-ancestors': "'none'" }),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
  }
}

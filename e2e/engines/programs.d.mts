export function findPrograms(): {
  firefox: { firefox: string | undefined }
  webkitgtk: { WebKitWebDriver: string | undefined; Xvfb: string | undefined }
}
export const packages: readonly string[]
export function missing(engine: 'firefox' | 'webkitgtk'): string[]

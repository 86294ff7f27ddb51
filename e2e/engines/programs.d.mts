export interface Programs {
  firefox: { firefox: string | undefined }
  webkitgtk: { WebKitWebDriver: string | undefined; Xvfb: string | undefined }
}
export type EngineName = keyof Programs
export const ENGINES: readonly EngineName[]
export const packages: readonly string[]
export function programsOf<Name extends EngineName>(engine: Name): Programs[Name]
export function missing(engine: EngineName): string[]

export const chromium: { readonly remedy: string; readonly args: string[] }
export function findChromium(): string | undefined

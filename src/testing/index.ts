/** Lets what is under way come to rest, in real time. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

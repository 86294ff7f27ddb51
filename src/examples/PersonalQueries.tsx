import { QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { createQueryClient } from './queries.ts'

/**
 * Inside `<RequireSession>`, which begins anew for each person: a cache of their own. Whatever of theirs is still under way
 * ends in it, and nobody else ever looks there.
 */
export function PersonalQueries({ children }: { readonly children: ReactNode }) {
  const [queryClient] = useState(createQueryClient)
  useEffect(() => () => queryClient.clear(), [queryClient])
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
}

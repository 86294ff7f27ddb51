'use client'
import type { ComponentProps } from 'react'
import { useCarried } from './SessionProvider.tsx'

/** A user name, as password managers know it. */
export function UsernameField({ id, ...input }: ComponentProps<'input'>) {
  const { labels } = useCarried()
  return (
    <>
      <label htmlFor={id}>{labels.username}</label>
      {/* A name reads its own way, whatever the page's: an e-mail address on a page from right to left. */}
      <input
        id={id}
        name="username"
        dir="auto"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        {...input}
      />
    </>
  )
}

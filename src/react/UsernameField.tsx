'use client'
import type { ComponentProps } from 'react'
import { useCarried } from './SessionProvider.tsx'

/** A user name, as password managers know it. */
export function UsernameField({ id, ...input }: ComponentProps<'input'>) {
  const { labels } = useCarried()
  return (
    <>
      <label htmlFor={id}>{labels.username}</label>
      <input id={id} name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} {...input} />
    </>
  )
}

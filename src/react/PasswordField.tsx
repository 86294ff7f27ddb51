'use client'
import { type ComponentProps, useState } from 'react'
import { useCarried } from './SessionProvider.tsx'

/** A password, and a button that shows it. */
export function PasswordField({ id, label, ...input }: ComponentProps<'input'> & { label: string }) {
  const { labels } = useCarried()
  const [isShown, show] = useState(false)
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <div data-stillhere="password" data-state={isShown ? 'shown' : 'hidden'}>
        <input
          id={id}
          name="password"
          dir="auto"
          type={isShown ? 'text' : 'password'}
          autoCapitalize="none"
          spellCheck={false}
          {...input}
        />
        <button type="button" data-stillhere="show-password" aria-pressed={isShown} onClick={() => show(!isShown)}>
          {labels.showPassword}
        </button>
      </div>
    </>
  )
}

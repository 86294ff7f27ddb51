import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import 'stillhere/styles.css'
import { SignedIn } from './signed-in'

export const metadata: Metadata = { title: 'Threat desk', icons: 'data:,' }

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <SignedIn>{children}</SignedIn>
      </body>
    </html>
  )
}

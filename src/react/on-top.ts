import type { SessionCore } from '../core/session.ts'

/** How often it is looked whether the dialog is still what people see and reach, in ms. */
const LOOK_EVERY = 1_000

/** Dialogs of ours leave each other alone: each would come before the other for ever. */
const isOurs = (element: Element) => !!element.closest('dialog[data-stillhere]')

const isAbove = (target: EventTarget | null) =>
  target instanceof Element && !isOurs(target) && target.matches(':is(:modal, :popover-open, :fullscreen)')

/** Whether something else has the focus, which nothing beside a modal dialog can have. */
function isFocusElsewhere(): boolean {
  const { activeElement } = document
  return !!activeElement && activeElement !== document.body && !isOurs(activeElement)
}

/** What becomes of a dialog on top. */
interface Dialog {
  /** Puts the focus inside. */
  readonly focus: () => void
  /** It was closed by a way that can not be prevented, and is not open. */
  readonly onClosed: (open: () => void) => void
  /** Something else has the focus, and is about to lose it. */
  readonly onFocusElsewhere?: () => void
}

/**
 * Opens a modal dialog, and keeps it open and above whatever the page opens after it: other modal dialogs, popovers, what fills
 * the screen. The function it returns closes it.
 */
export function showOnTop(shown: HTMLDialogElement, session: SessionCore, dialog: Dialog): () => void {
  const place = shown.parentNode
  const controller = new AbortController()
  const { signal } = controller
  let isAnswered = false
  let isWaiting = false
  let cancel = () => {}

  function open(): void {
    if (isFocusElsewhere()) dialog.onFocusElsewhere?.()
    if (!shown.isConnected) place?.appendChild(shown)
    // The newest is on top.
    shown.close()
    shown.showModal()
    dialog.focus()
  }

  // At once, and then with the next second: against one that also wants to be on top this must not go on for ever.
  function answer(): void {
    if (isAnswered) isWaiting = true
    else open()
    isAnswered = true
  }

  function look(): void {
    isAnswered = isWaiting || !shown.open || !shown.isConnected || isFocusElsewhere()
    isWaiting = false
    if (isAnswered) open()
    cancel = session.wakeAt(session.now() + LOOK_EVERY, look)
  }

  // The event comes late, and may be of an earlier closing of ours.
  shown.addEventListener('close', () => shown.open || dialog.onClosed(open), { signal })
  for (const type of ['toggle', 'fullscreenchange'])
    document.addEventListener(type, ({ target }) => isAbove(target) && answer(), { capture: true, signal })
  // Not every browser tells of a dialog by an event.
  const observer = new MutationObserver((changes) => changes.some(({ target }) => isAbove(target)) && answer())
  observer.observe(document, { subtree: true, attributeFilter: ['open'] })
  open()
  look()

  return () => {
    cancel()
    observer.disconnect()
    controller.abort()
    // Whoever put it in takes it out, and must find it there.
    if (!shown.isConnected) place?.appendChild(shown)
    shown.close()
  }
}

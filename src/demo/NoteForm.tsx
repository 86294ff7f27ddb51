import { type FormEvent, useState } from 'react'

/** Half-typed work, to see what becomes of it when the warning comes. */
export function NoteForm({ about }: { about: string }) {
  const [text, setText] = useState('')
  const [saved, setSaved] = useState('')

  function save(event: FormEvent) {
    event.preventDefault()
    setSaved(text)
  }
  return (
    <form className="note" onSubmit={save}>
      <h2>
        <label htmlFor="note">Note on {about}</label>
      </h2>
      <textarea id="note" rows={4} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="row">
        <button type="submit">Keep note</button>
        <p role="status">{text === saved ? (saved ? 'Kept on this page.' : '') : 'Not kept yet.'}</p>
      </div>
    </form>
  )
}

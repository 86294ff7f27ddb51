import axios, { type AxiosInstance } from 'axios'
import { attachAxios, type Session } from 'stillhere'

/** An axios instance on the session, by whichever adapter axios chooses; `XMLHttpRequest` tells the progress of an upload. */
export function axiosBySession(session: Session, baseURL: string): AxiosInstance {
  const api = axios.create({ baseURL })
  attachAxios(api, session)
  return api
}

/** The same where `fetch` will do, with nothing of ours in between; axios 1.12 and later. */
export const axiosByFetch = (session: Session, baseURL: string): AxiosInstance =>
  axios.create({ baseURL, adapter: 'fetch', env: { fetch: session.fetch } })

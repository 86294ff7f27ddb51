// does: token refresh, tabs
export { AuthClient } from '@supabase/auth-js'

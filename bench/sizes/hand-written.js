// does: idle detection, warning dialog (a callback), token refresh (to be written), tabs (of idleness)
export { jwtDecode } from 'jwt-decode'
export { useIdleTimer } from 'react-idle-timer'
export { create } from 'zustand'

// does: idle detection, warning dialog (a callback), tabs
export { useIdleTimer } from 'react-idle-timer'

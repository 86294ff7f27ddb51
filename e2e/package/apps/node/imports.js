// Every entry, with whatever only a page has out of bounds.
const OF_PAGES = ['window', 'document', 'location', 'history', 'localStorage', 'sessionStorage', 'indexedDB', 'self']
for (const name of OF_PAGES) {
  Object.defineProperty(globalThis, name, {
    get() {
      throw new Error(`${name} was touched`)
    },
  })
}
const opened = []
for (const name of ['BroadcastChannel', 'setTimeout', 'setInterval', 'fetch']) {
  const original = globalThis[name]
  globalThis[name] = new Proxy(original, {
    apply: (target, self, args) => opened.push(name) && Reflect.apply(target, self, args),
    construct: (target, args) => opened.push(name) && Reflect.construct(target, args),
  })
}
for (const entry of process.argv.slice(2)) {
  const names = Object.keys(await import(entry))
  if (!names.length) throw new Error(`${entry} exports nothing`)
}
console.log(opened.length ? `opened: ${opened}` : 'nothing was opened')

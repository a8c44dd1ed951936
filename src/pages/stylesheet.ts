/** The one stylesheet of all pages. Colours stand in `build-style.ts`, as some are the house's. */
export const STYLESHEET = `
*, ::before, ::after { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; grid-template: auto 1fr auto / minmax(0, 1fr);
  background: var(--paper); color: var(--ink); accent-color: var(--accent);
  font: 1.0625rem/1.6 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
body > * { width: 100%; max-width: 46rem; margin: 0 auto; padding: 0 1.5rem }
.house { display: flex; align-items: center; gap: .7rem; padding-top: 1.75rem; font-weight: 600; letter-spacing: -.01em }
.house svg, .house img { display: block; height: 1.75rem; width: auto; max-width: 12rem; color: var(--accent) }
main { padding-top: clamp(2.25rem, 8vh, 5rem); padding-bottom: 4rem }
footer { padding-top: 1.1rem; padding-bottom: 1.75rem; font-size: .875rem; color: var(--soft) }

h1 { font-size: clamp(1.85rem, 1.3rem + 2.6vw, 2.75rem); line-height: 1.12; letter-spacing: -.028em; font-weight: 680; margin: 0; text-wrap: balance }
h2 { font-size: 1.0625rem; line-height: 1.35; letter-spacing: -.01em; font-weight: 650; margin: 0 0 .75rem }
p { margin: 0 0 1rem; text-wrap: pretty }
.lead { font-size: 1.2rem; line-height: 1.5; color: var(--soft); margin: 1rem 0 0; max-width: 36rem }
.lead b { color: var(--ink); font-weight: 600 }
.above { font-size: .875rem; font-weight: 600; color: var(--soft); margin: 0 0 .75rem }
.stop .above { color: var(--stop) }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: from-font }
a:hover { text-decoration-thickness: 2px }
code, pre, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em }
code { color: var(--soft) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .35rem }

section { margin-top: 2.5rem }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 1.5rem; margin-top: 2.25rem }
.card + .card { margin-top: 1.25rem }
.card > :last-child { margin-bottom: 0 }
.card section { margin: 0 }
.card section + section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1.5rem }
.ticket { display: block; margin: .75rem 0; padding: .7rem 1rem; border: 1px dashed var(--edge); border-radius: .7rem; background: var(--paper); color: var(--ink); user-select: all; -webkit-user-select: all }

.plain { list-style: none; margin: 0; padding: 0; display: grid; gap: .85rem }
.plain code { display: block; margin-top: .1rem }
.steps { margin: 0; padding: 0 0 0 1.3rem; display: grid; gap: .6rem }
.steps:has(> :only-child) { list-style: none; padding: 0 }
.steps li::marker { color: var(--soft); font-weight: 600; font-variant-numeric: tabular-nums }

.actions { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem; margin: 1.75rem 0 0 }
.card .actions { margin-top: 1.25rem }
.steps .actions { margin: 1rem 0 .75rem }
time { white-space: nowrap }
.button, button {
  display: inline-block; font: inherit; font-weight: 600; line-height: 1.25; text-align: center; text-decoration: none; cursor: pointer;
  padding: .75rem 1.25rem; border-radius: .7rem; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent);
}
.button:hover, button:hover { background: var(--accent-strong); border-color: var(--accent-strong) }
.quiet, .quiet:hover { background: transparent; color: var(--ink); border-color: var(--edge) }
.quiet:hover { border-color: var(--ink) }
.button:focus-visible, button:focus-visible { border-radius: .7rem }

dl { margin: 0; display: grid; grid-template-columns: minmax(7.5rem, max-content) 1fr; font-size: .9375rem }
dt, dd { margin: 0; padding: .6rem 0; border-top: 1px solid var(--line) }
dl > :nth-child(-n+2) { border-top: 0 }
dt { color: var(--soft); padding-right: 1.5rem }
.chips { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem }
.chips li { padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--paper); font-size: .875rem }

.chain { list-style: none; margin: 0 0 2.25rem; padding: 0; display: flex }
.chain li { display: grid; grid-template-columns: auto 1fr; align-content: start; align-items: center; min-width: 0; flex: 1 1 0 }
.chain li:last-child { flex: 0 0 3rem; grid-template-columns: 3rem }
.chain li:last-child .who { justify-self: end; width: max-content; max-width: 13rem; text-align: right }
.chain li:nth-last-child(2) .who { padding-right: 10.5rem }
.mark { width: 3rem; height: 3rem; display: grid; place-items: center; border-radius: 50%; background: var(--tint); color: var(--accent); font-weight: 650; font-size: 1.05rem; letter-spacing: .01em }
.mark svg { width: 1.4rem; height: 1.4rem }
.program .mark, .site .mark { border-radius: .9rem }
.site .mark { background: var(--card); border: 1px solid var(--edge); color: var(--ink) }
.thread { display: flex; align-items: center; gap: .5rem; margin: 0 .75rem; color: var(--edge) }
.thread::before, .cut .thread::after { content: ""; flex: 1; border-top: 2px solid }
.thread svg { width: 1.1rem; height: 1.1rem; flex: none }
.cut .thread { color: var(--stop) }
.cut .thread::before, .cut .thread::after { border-top-style: dashed; opacity: .55 }
.who { grid-column: 1 / -1; margin-top: .65rem; line-height: 1.35; font-size: .9375rem; font-weight: 600 }
.chain li:nth-last-child(n+3) .who { padding-right: 1rem }
.who small { display: block; font-size: .875rem; font-weight: 400; color: var(--soft) }

details { border-top: 1px solid var(--line) }
details:last-of-type { border-bottom: 1px solid var(--line) }
summary { cursor: pointer; padding: 1rem 0; font-weight: 600; line-height: 1.35 }
summary small { font-size: .9375rem; font-weight: 400; color: var(--soft) }
details > :last-child { margin-bottom: 1.5rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9375rem }
th, td { text-align: left; vertical-align: baseline; font-weight: 400; padding: .5rem 1.5rem .5rem 0; border-top: 1px solid var(--line) }
tr:first-child > * { border-top: 0 }
th { color: var(--soft); white-space: nowrap; width: 11rem }
td { min-width: 11rem }
td small { color: var(--soft); font-size: .875rem }
pre { margin: 0; overflow-x: auto; padding: 1.25rem; border-radius: 1rem; border: 1px solid var(--line); background: var(--card); font-size: .8125rem; line-height: 1.6; overflow-wrap: normal }

.people { list-style: none; margin: 2.25rem 0 0; padding: 0; display: grid; gap: .75rem }
.people button { width: 100%; display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; align-items: center; text-align: left; padding: 1rem 1.25rem; border-radius: 1rem; background: var(--card); border-color: var(--edge); color: var(--ink) }
.people button:hover { border-color: var(--accent) }
.people small { display: block; font-weight: 400; font-size: .9375rem; color: var(--soft) }

.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

@media (max-width: 34rem) {
  body { font-size: 1rem }
  body > * { padding-left: 1.25rem; padding-right: 1.25rem }
  main { padding-top: 2.25rem; padding-bottom: 2.5rem }
  .lead { font-size: 1.0938rem }
  .card { padding: 1.25rem }
  .actions > *, .actions .button, .actions button { width: 100% }
  .actions > a:not(.button) { text-align: center; padding: .35rem 0 }
  dl { grid-template-columns: 1fr }
  dt { padding: .7rem 0 0 }
  dd { padding: .1rem 0 .7rem; border-top: 0 }
  dl > :first-child { padding-top: 0 }
  th { width: 7.5rem; padding-right: .75rem }
  td { min-width: 9rem; padding-right: 0 }
  .chain { display: grid }
  .chain li, .chain li:last-child { column-gap: .9rem; grid-template-columns: 3rem 1fr }
  .thread { grid-column: 1; grid-row: 2; justify-self: center; flex-direction: column; height: 2rem; margin: .3rem auto; gap: .2rem }
  .cut .thread { height: 3.4rem }
  .thread::before, .cut .thread::after { border-top: 0; border-left: 2px solid }
  .cut .thread::before, .cut .thread::after { border-left-style: dashed }
  .chain li:nth-child(n) .who { grid-column: 2; grid-row: 1; justify-self: start; width: auto; max-width: none; margin: 0; padding: 0; text-align: left }
}
@media (forced-colors: active) { .button, button, .mark { border: 1px solid } }
@media print { body { min-height: 0 } .actions { display: none } }
`;

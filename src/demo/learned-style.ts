/**
 * How services stand beside each other, with one row running through them, and where there is no room for three, below
 * each other.
 */
export const LEARNED_STYLE = `
body > * { max-width: 82rem }
.services { --gap: 3rem; list-style: none; margin: 2.75rem 0 0; padding: 0; display: grid; gap: var(--gap) }
.services > li { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1.25rem; position: relative }
.name { grid-column: 1 / -1; display: flex; align-items: center; gap: .9rem; line-height: 1.3 }
.name h2 { font-size: 1.25rem; margin: 0 }
.name small { color: var(--soft); font-size: .875rem }
.name .mark { flex: none; border-radius: .9rem; background: var(--card); border: 1px solid var(--edge); color: var(--ink) }
.onward { position: absolute; left: calc(1.5rem - 1px); bottom: calc(.5rem - var(--gap)); height: calc(var(--gap) - 1rem); border-left: 2px solid var(--edge) }
.onward::after { content: ""; position: absolute; left: -1px; bottom: 0; width: .6rem; height: .6rem; border: solid var(--edge); border-width: 0 2px 2px 0; transform: translateX(-50%) rotate(45deg) }

.person, .program, .none { padding: 1.3rem 1.25rem 1.1rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); position: relative; display: flex; flex-direction: column }
.person { background: var(--tint); border-color: var(--accent) }
.person code, .person small, .person th, .person .print { color: color-mix(in srgb, var(--soft) 55%, var(--ink)) }
.program .mark { border-radius: .9rem }
.person .mark { background: var(--accent); color: var(--on-accent) }
.none { background: none; border: 1px dashed var(--edge); color: var(--soft); align-self: start }
.none p { margin: .5rem 0 0; font-size: .9375rem }
.none.stop h3 { color: var(--stop) }

h3 { font-size: 1.0625rem; line-height: 1.3; font-weight: 650; margin: 0 0 .1rem }
.face { display: flex; align-items: center; gap: .7rem; margin: 1.1rem 0 .9rem; font-size: .9688rem; font-weight: 600; line-height: 1.35 }
.face .mark { flex: none }
.face > :last-child { min-width: 0 }
.face small { display: block; font-size: .875rem; font-weight: 400; color: var(--soft) }
.services th { width: auto; padding-right: .65rem }
.services td { min-width: 0; padding-right: 0 }
.services th, .services td { font-size: .8438rem; line-height: 1.4; padding-top: .35rem; padding-bottom: .35rem }
.services .mono { font-size: .8125rem }
.person tr > * { border-color: color-mix(in srgb, var(--accent) 28%, transparent) }
.print { margin: auto 0 0; padding-top: .9rem; font-size: .8125rem }
.notes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(19rem, 100%), 1fr)); gap: 1rem 2.5rem; max-width: 62rem; color: var(--soft) }
.notes b { color: var(--ink); font-weight: 650 }
.notes p { margin: 0 }
@media (min-width: 66rem) {
  .services { --gap: 1.5rem; grid: auto auto 1fr / auto-flow minmax(20rem, 1fr); gap: 1.25rem var(--gap) }
  .services > li { grid-row: 1 / span 3; grid-template: subgrid / auto }
  .onward { position: relative; inset: auto; flex: 1; height: auto; border: 0; border-top: 2px solid var(--edge); margin-right: calc(.75rem - var(--gap)) }
  .onward::after { inset: -1px 0 auto auto; border-width: 2px 2px 0 0; transform: translateY(-50%) rotate(45deg) }
  li:has(+ li > .person) > .person { border-right: 0; padding-right: calc(1.25rem + 1px); border-top-right-radius: 0; border-bottom-right-radius: 0 }
  li + li > .person { border-left: 0; padding-left: calc(1.25rem + 1px); border-top-left-radius: 0; border-bottom-left-radius: 0 }
  li + li > .person::before { content: ""; position: absolute; inset: -1px 100% -1px auto; width: var(--gap); background: var(--tint); border: solid var(--accent); border-width: 1px 0 }
  li + li > .person::after { content: ""; position: absolute; right: calc(100% + var(--gap) / 2 - .1rem); top: 6.55rem; width: .6rem; height: .6rem; border: solid var(--accent); border-width: 2px 2px 0 0; transform: rotate(45deg) }
}
`;

/// How the page looks: light and dark, and on a narrow screen each row as a card.
enum PageStyle {
  static let text = """
    :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6675; --line: #d8dde5;
      --page: #ffffff; --card: #f6f7f9; --in: #c2410c; --inside: #1d5fc4; --out: #7a8494; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa4b2;
      --line: #343b46; --page: #14181e; --card: #1d232b; --in: #fb923c; --inside: #7ab0ff;
      --out: #8a94a4; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 70rem; color: var(--ink);
      background: var(--page); font: 15px/1.45 system-ui, sans-serif; }
    h1 { font-size: 1.4rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
    p { color: var(--soft); margin: 0 0 1rem; max-width: 46rem; overflow-wrap: anywhere; }
    svg { display: block; width: 100%; max-width: 47rem; height: auto; margin: 1rem 0; }
    svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
    svg .soft { fill: var(--soft); font-size: 11px; }
    svg .name { font-weight: 600; }
    svg .box { fill: var(--card); stroke: var(--line); }
    svg .chip { fill: var(--page); stroke: var(--in); }
    svg .own { stroke: var(--inside); }
    svg path { fill: none; stroke-width: 1.5; }
    svg .in { stroke: var(--in); } svg .inside { stroke: var(--inside); }
    svg .out { stroke: var(--out); stroke-dasharray: 4 3; }
    svg .head-in { fill: var(--in); } svg .head-inside { fill: var(--inside); }
    svg .head-out { fill: var(--out); }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: left; font-weight: 600; color: var(--soft); font-size: .85rem; }
    th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line);
      vertical-align: top; overflow-wrap: break-word; }
    th, td.ip { white-space: nowrap; }
    td.by { color: var(--soft); font-size: .85rem; }
    .key span { display: inline-block; margin-right: 1.2rem; } .key .in { color: var(--in); }
    .key .inside { color: var(--inside); } .key .out { color: var(--out); }
    @media (max-width: 44rem) {
      thead { display: none; }
      tr { display: block; background: var(--card); border: 1px solid var(--line);
        border-radius: .5rem; padding: .4rem .8rem; margin-bottom: .6rem; }
      td { display: grid; grid-template-columns: 5.2rem 1fr; border: 0; padding: .15rem 0; }
      td::before { content: attr(data-label); color: var(--soft); font-size: .85rem; }
      td:empty { display: none; }
    }
    """
}

/** What a backtest's page has beyond the report's style sheet. */
export const backtestStyle = /* css */ `
.tiles.five{grid-template-columns:repeat(5,minmax(0,1fr))}.tiles .arrow{color:var(--soft);font-weight:400}
.worse{color:var(--fail)}.better{color:var(--pass)}td.zero{color:var(--na)}
.items td.num{white-space:nowrap}.items .counts{font-size:12px;color:var(--soft);white-space:nowrap}
.flips{margin:12px 0 0;border-top:1px solid var(--line);padding-top:8px;break-inside:avoid-page}.flips h3{font-size:14px;color:var(--ink)}.flips h3 .soft{font-weight:400}
.flip{display:grid;grid-template-columns:minmax(120px,.7fr) minmax(0,1.6fr) minmax(0,1.6fr);gap:4px 20px;padding:6px 0;border-bottom:1px solid var(--line);break-inside:avoid}
.flip>div{min-width:0;overflow-wrap:anywhere}.flip .id{font-weight:600}.flip .side p{font-size:13px;color:var(--soft)}.flip .side p.words{color:var(--ink);font-size:14px;margin-top:2px}
.flip .side{display:grid;grid-template-columns:16px minmax(0,1fr)}.flip .side .v{margin-top:5px}
svg.delta{width:100%;height:18px;display:block}.delta .axis0{stroke:var(--ink);stroke-dasharray:2 2;opacity:.6}.delta .ci{stroke:var(--accent);opacity:.55;stroke-width:3}.delta circle{fill:var(--accent)}
.delta.muted circle{fill:var(--bg);stroke:var(--na);stroke-width:1.5}
.lists{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:8px 32px;align-items:start}.lists table{font-size:13px}.lists h3{margin-top:12px;color:var(--ink)}
.lists td,.lists th{overflow-wrap:anywhere}
@media(max-width:1080px){.tiles.five{grid-template-columns:repeat(3,1fr)}.tiles.five .tile:nth-child(4){border-left:0}}
@media(max-width:620px){.tiles.five{grid-template-columns:1fr 1fr}.tiles.five .tile{border-left:1px solid var(--line)}.tiles.five .tile:nth-child(odd){border-left:0}.tiles.five .tile:last-child{grid-column:1/-1}.tile strong{font-size:19px;line-height:28px}.flip{grid-template-columns:minmax(0,1fr)}.lists .scroll table{min-width:0}}
@media print{.tiles.five{grid-template-columns:repeat(5,1fr)}.tiles.five .tile:nth-child(n){border-top:0}.tiles.five .tile:nth-child(4){border-left:1px solid var(--line)}.tile{padding:8px 8px}.tile strong{font-size:13pt;line-height:20pt}.scroll table,.items th:first-child,.items .plot,.groups .plot{min-width:0}.groups .plot{width:14%}table{font-size:8pt}thead th,tbody th,tbody td{padding:3px 4px}thead th{font-size:7.5pt}.items .counts,.items td.num,thead th,.groups th,.groups td{white-space:normal!important}.lists{grid-template-columns:1fr 1fr}}
`;

/**
 * The page's only style sheet. Verdict shapes are drawn, not typed, so that they look the same in every font; their
 * names for screen readers are the alternative text of the (empty) generated content.
 */
export const styleSheet = /* css */ `
:root{color-scheme:light dark;--bg:#fff;--sunk:#f5f6f8;--ink:#1a212b;--soft:#596472;--line:#dfe3e8;--link:#1b5fa3;
--pass:#1a7f37;--fail:#c4262e;--unknown:#946200;--na:#68717c;--agent:#1f65a6;--customer:#94407f;--quiet:#e6e9ed;
--neg2:#8a4b08;--neg1:#96600f;--neu:#7b8490;--pos1:#1f776c;--pos2:#0b6259;--markpass:#d9f2df;--markfail:#fde0df;--markunknown:#fbecc9;--focus:#1b5fa3;--accent:#1b5fa3}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--sunk:#1a2028;--ink:#e4e8ee;--soft:#9ca8b6;--line:#2c3540;--link:#7ab8f5;
--pass:#4fc26d;--fail:#ff7d76;--unknown:#e2b13c;--na:#98a3b0;--agent:#6cb0f0;--customer:#e08fcb;--quiet:#252d37;
--neg2:#f0a050;--neg1:#d09a5c;--neu:#8d98a5;--pos1:#4db6a9;--pos2:#7fe0d3;--markpass:#173d24;--markfail:#54211f;--markunknown:#4a3a10;--focus:#7ab8f5;--accent:#7ab8f5}}
*{box-sizing:border-box}
html{font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;background:var(--bg);color:var(--ink);scroll-padding-top:44px;-webkit-text-size-adjust:100%}
body{margin:0}
html[lang=en] .z,html[lang^=zh] .e{display:none}
main{max-width:1280px;margin:0 auto;padding:0 20px 96px}
h1{font-size:22px;line-height:1.25;margin:20px 0 2px;font-weight:650;overflow-wrap:anywhere}
h2{font-size:16px;margin:32px 0 4px;font-weight:650}
h3{font-size:13px;margin:0 0 4px;font-weight:600;color:var(--soft)}
h4{font-size:13px;margin:14px 0 4px;padding-bottom:2px;border-bottom:1px solid var(--line);display:flex;justify-content:space-between;gap:8px}
p{margin:0}a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
code{font:12px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace;overflow-wrap:anywhere}
q{quotes:"“" "”"}
:focus-visible{outline:2px solid var(--focus);outline-offset:1px;border-radius:2px}
.soft,.note{color:var(--soft)}.note{margin-bottom:8px;max-width:110ch}.num{text-align:right;white-space:nowrap}
.sr{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;z-index:9;background:var(--bg);padding:4px 8px}
.tag{display:inline-block;font-size:11px;line-height:16px;padding:0 5px;border:1px solid var(--line);border-radius:3px;color:var(--soft);white-space:nowrap}
.tag.alarm{border-color:var(--fail);color:var(--fail);font-weight:600}
button,select,input{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:4px;height:28px;padding:0 8px;min-width:0}
button{cursor:pointer}button:hover,select:hover{border-color:var(--soft)}
html:not(.js) .needs-js{display:none}

/* verdicts: circle, square, diamond, ring, barred square */
.v{display:inline-block;width:10px;height:10px;margin-right:6px;flex:none;position:relative;vertical-align:-.5px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.v::before{content:"";position:absolute;inset:0;background:currentColor;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.v-pass{color:var(--pass)}.v-pass::before{content:"" / "pass";border-radius:50%}
.v-fail{color:var(--fail)}.v-fail::before{content:"" / "fail"}
.v-unknown{color:var(--unknown)}.v-unknown::before{content:"" / "unknown";transform:rotate(45deg) scale(.84)}
.v-na{color:var(--na)}.v-na::before{content:"" / "not applicable";background:none;border:1.6px solid currentColor;border-radius:50%}
.v-autofail{color:var(--fail);width:15px}.v-autofail::before{content:"" / "auto-fail";right:5px}
.v-autofail::after{content:"";position:absolute;right:0;top:-2px;bottom:-2px;width:3px;background:currentColor;print-color-adjust:exact;-webkit-print-color-adjust:exact}
html[lang^=zh] .v-pass::before{content:"" / "合格"}html[lang^=zh] .v-fail::before{content:"" / "不合格"}html[lang^=zh] .v-unknown::before{content:"" / "待人工"}
html[lang^=zh] .v-na::before{content:"" / "不适用"}html[lang^=zh] .v-autofail::before{content:"" / "一票否决"}

.bar-top{position:sticky;top:0;z-index:5;display:flex;align-items:center;gap:16px;height:40px;padding:0 20px;background:var(--bg);border-bottom:1px solid var(--line);white-space:nowrap;overflow-x:auto;scrollbar-width:none}
.bar-top .brand{font-weight:650}.bar-top .grow{flex:1}.bar-top button{border:0;padding:0 8px;color:var(--link)}
.answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:4px 24px;margin:12px 0 0;padding:12px 16px;background:var(--sunk);border-radius:6px}
.answers dt{font-weight:600;color:var(--soft);font-size:13px}.answers dd{margin:0 0 4px;text-wrap:pretty}
.tiles{display:grid;grid-template-columns:repeat(4,minmax(0,1fr)) minmax(0,2.1fr) minmax(0,1.15fr);margin:16px 0 8px;border:1px solid var(--line);border-radius:6px}
.tile{padding:10px 14px;border-left:1px solid var(--line);min-width:0}.tile:first-child{border-left:0}
.tile strong{font-size:26px;line-height:32px;font-weight:600;display:block;white-space:nowrap}.tile small{font-size:14px;font-weight:400;color:var(--soft)}
.tile strong .v{width:15px;height:15px;vertical-align:1px}.tile strong .v-autofail{width:21px}.tile strong .v-autofail::before{right:6px}
.tile p{color:var(--soft);font-size:13px}.tile a.big{color:inherit;display:block}
.mini{border-collapse:collapse;width:100%;font-size:13px}.mini th{text-align:left;font-weight:400;padding:2px 8px 2px 0;white-space:nowrap;border:0}.mini td{padding:2px 0;border:0;color:var(--soft);white-space:nowrap}.mini b{color:var(--ink);font-weight:600}
.legend{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12px;color:var(--soft)}

.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
thead th{font-size:12px;font-weight:500;color:var(--soft);text-align:left;padding:4px 8px;border-bottom:1px solid var(--line);vertical-align:bottom}thead th.num{text-align:right}
tbody th,tbody td{padding:4px 8px;border-bottom:1px solid var(--line);text-align:left;font-weight:400;vertical-align:middle}
tbody .num{text-align:right}tbody tr:hover{background:var(--sunk)}
.items th:first-child{min-width:210px}.items .plot{width:26%;min-width:150px}.items .plot b{font-weight:600;margin-left:6px}
td.plot{white-space:nowrap}.bar{display:inline-block;width:calc(100% - 52px);vertical-align:middle}
.bar-cost{fill:var(--fail);opacity:.72}.bar-auto{fill:var(--fail)}.bar-risk{fill:var(--soft)}
.rate{white-space:nowrap}.rate svg{width:84px;vertical-align:middle;margin-right:6px}
svg .axis{stroke:var(--line)}svg .ci{stroke:var(--soft);stroke-width:2}.rate circle{fill:var(--ink)}
.groups .plot{width:26%;min-width:150px}.groups td:nth-child(5),.groups tbody th{white-space:nowrap}svg.dot{width:100%;display:block}.dot circle{fill:var(--accent)}.dot .ci{stroke:var(--accent);opacity:.55;stroke-width:3}.dot .pm{stroke:var(--ink);stroke-dasharray:2 2;opacity:.6}
.muted{color:var(--soft)}.dot.muted circle{fill:var(--bg);stroke:var(--na);stroke-width:1.5}.dot.muted .ci{stroke:var(--na);opacity:.45;stroke-width:1.5}
.divider th{font-size:12px;color:var(--soft);padding-top:12px}
.inline{min-width:230px;margin:0;padding:0;list-style:none;display:flex;flex-wrap:wrap;gap:0 14px;font-size:13px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,560px),1fr));gap:16px 32px;align-items:start}
.pair th,.pair td{padding-left:6px;padding-right:6px}.pair .plot{width:22%;min-width:96px}
.more>summary{padding:6px 0;color:var(--link);cursor:pointer}
.problems{margin:0 0 8px;padding-left:20px}

.band{display:inline-block;white-space:nowrap;font-size:12px;font-weight:600}
.band i{display:inline-block;width:18px;height:11px;margin-right:6px;vertical-align:-1px;background:repeating-linear-gradient(90deg,currentColor 0 3px,transparent 3px 5px);print-color-adjust:exact;-webkit-print-color-adjust:exact}
.b-critical,.b-critical .band{color:var(--fail)}.b-high{color:var(--fail)}.b-medium{color:var(--unknown)}.b-low{color:var(--na)}
.band.b-high i{width:13px;margin-right:11px}.band.b-medium i{width:8px;margin-right:16px}.band.b-low i{width:3px;margin-right:21px}.band.b-low{font-weight:400}
.risks{list-style:none;margin:0;padding:0;display:grid;gap:8px}
.risk{color:inherit;border:1px solid var(--line);border-left:3px solid var(--line);border-radius:4px;padding:8px 12px;break-inside:avoid}
.risk.b-critical{border-left-color:var(--fail)}.risk.b-high{border-left-color:var(--fail);border-left-style:dashed}
.risk header{display:flex;flex-wrap:wrap;gap:2px 14px;align-items:baseline}.risk header .id{font-weight:650;overflow-wrap:anywhere}
.risk ul,.why ul{list-style:none;margin:4px 0 0;padding:0}
.risk li,.why li{display:grid;grid-template-columns:116px 1fr;gap:8px;padding:1px 0}
.risk li b,.why li b{font-weight:500}
.share{display:grid;grid-template-columns:64px 44px;gap:8px;align-items:center;height:20px;color:var(--soft);text-align:right;white-space:nowrap}.share .bar{width:64px}
q{color:var(--ink);unicode-bidi:isolate}
a.p{white-space:nowrap;font-size:12px}a.play::before{content:"▶";font-size:9px;margin-right:3px;vertical-align:1px}

.filter{display:flex;flex-wrap:wrap;gap:8px;margin:8px 0 12px}.filter input{flex:1 1 220px}.filter select{flex:0 1 108px;max-width:220px}
#count{font-weight:400;font-size:13px;margin-left:6px}
.s{border-top:1px solid var(--line)}#list{border-bottom:1px solid var(--line)}
.many .s:not([open]){content-visibility:auto;contain-intrinsic-size:auto 34px}
.s>summary{list-style:none;cursor:pointer;display:grid;grid-template-columns:20px minmax(90px,1fr) 52px minmax(70px,.9fr) minmax(60px,.8fr) 176px 88px 58px 122px minmax(110px,2fr);gap:0 8px;align-items:center;padding:6px 4px;min-height:33px}
.s>summary::-webkit-details-marker{display:none}.s>summary:hover{background:var(--sunk)}.s[open]>summary{background:var(--sunk);position:sticky;top:40px;z-index:3;border-bottom:1px solid var(--line)}
.s>summary>*{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;unicode-bidi:isolate}.s>summary .v{overflow:visible}
.s>summary .id{font-weight:600}.s>summary .sc{text-align:right;font-weight:600;overflow:visible}.s>summary .sc .v{margin:0 0 0 5px}
.sb{padding:10px 4px 28px;overflow-wrap:anywhere}
.facts-line{display:flex;flex-wrap:wrap;gap:0 18px;color:var(--soft);font-size:13px}.caution{font-size:13px;margin:4px 0}
.why{margin:10px 0}.pins{color:var(--soft);font-size:12px;margin-top:16px;display:flex;flex-wrap:wrap;gap:0 12px}
.tl{margin:12px 0}.tl figcaption{font-size:12px;color:var(--soft);display:flex;flex-wrap:wrap;gap:2px 14px;margin-bottom:4px}
.key::before{content:"";display:inline-block;width:10px;height:8px;margin-right:4px;print-color-adjust:exact;-webkit-print-color-adjust:exact}.k-a::before{background:var(--agent)}.k-c::before{background:var(--customer)}.k-s::before{background:var(--quiet);border:1px solid var(--line)}.k-h::before,.k-e::before{display:none}
.k-o::before{background:repeating-linear-gradient(45deg,var(--fail) 0 2px,transparent 2px 4px)}
svg.time{width:100%;display:block;overflow:visible;cursor:pointer}
.quiet{fill:var(--quiet)}.hold{opacity:.6}.note-sign{fill:var(--soft);font-size:14px;text-anchor:middle}
.talk.agent{fill:var(--agent)}.talk.customer{fill:var(--customer)}.talk.x{fill:var(--na)}.talk.pale{opacity:.1}
.wave{fill:none;stroke-width:.7}.wave.agent{stroke:var(--agent)}.wave.customer{stroke:var(--customer)}.wave.mixed{stroke:var(--na)}
.over{fill:url(#hatch)}.defs{position:absolute}.defs rect{fill:var(--fail);opacity:.7}
.message.agent{fill:var(--agent)}.message.customer{fill:var(--customer)}.message.x{fill:var(--na)}.wait{stroke:var(--soft);stroke-dasharray:3 3}
.tri{fill:var(--bg);stroke-width:1.4;stroke:var(--pass)}.tri.fail{fill:var(--fail);stroke:var(--fail)}.tri.unknown{stroke:var(--unknown);stroke-dasharray:2 1}
.mark:hover .tri{stroke-width:3}
.curve{fill:none;stroke-width:1.5;vector-effect:non-scaling-stroke;opacity:.75}.curve.agent{stroke:var(--agent)}.curve.customer{stroke:var(--customer)}
.zero{stroke:var(--line)}.mood{stroke:var(--bg);stroke-width:1}.mood.m-2{fill:var(--neg2)}.mood.m-1{fill:var(--neg1)}.mood.m0,.mood.m-0{fill:var(--neu)}.mood.m1{fill:var(--pos1)}.mood.m2{fill:var(--pos2)}
line.tick{stroke:var(--soft)}text.tick{fill:var(--soft);font-size:11px}.head{stroke:var(--ink);stroke-width:1.5;visibility:hidden}.head.on{visibility:visible}
.cols{display:grid;grid-template-columns:minmax(0,1.15fr) minmax(0,1fr);gap:28px;align-items:start}.cols h3{font-size:13px;margin:4px 0 6px}
.turns{list-style:none;margin:0;padding:0}
.t{display:grid;grid-template-columns:80px 74px minmax(0,1fr) 36px;gap:0 8px;padding:4px 4px;border-left:3px solid transparent;border-radius:2px}
.t>.p,.t>.play{color:var(--soft);padding-top:1px}.t .who{font-weight:600;font-size:13px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.t.agent .who{color:var(--agent)}.t.customer .who{color:var(--customer)}
.t.bot .who,.t.system .who,.t.unknown .who,.t.bot p,.t.system p{color:var(--soft)}
.said p{white-space:pre-wrap;unicode-bidi:isolate}.t.internal{background:var(--sunk)}
.t.now{border-left-color:var(--focus);background:var(--sunk)}.t.flash{animation:flash 1.2s}.i.flash{animation:flash 1.2s}@keyframes flash{0%{background:var(--markunknown)}}
.feel{white-space:nowrap;text-align:right;font-size:12px;padding-top:2px}.feel.m-2{color:var(--neg2);font-weight:700}.feel.m-1{color:var(--neg1)}.feel.m0,.feel.m-0{color:var(--soft)}.feel.m1{color:var(--pos1)}.feel.m2{color:var(--pos2);font-weight:700}.feel.unsure{opacity:.55}
.gap{text-align:center;color:var(--soft);font-size:12px;padding:2px 0}.gap::before,.gap::after{content:"— "}.gap::after{content:" —"}
.aside{font-size:12px;color:var(--soft);display:block}.aside::before{content:"";display:inline-block;width:10px;height:8px;margin-right:4px;background:repeating-linear-gradient(45deg,var(--fail) 0 2px,transparent 2px 4px);print-color-adjust:exact;-webkit-print-color-adjust:exact}
mark{color:inherit;border-radius:2px;padding:0 1px;border-bottom:2px solid;print-color-adjust:exact;-webkit-print-color-adjust:exact}mark.pass{background:var(--markpass);border-color:var(--pass)}mark.fail{background:var(--markfail);border-color:var(--fail)}mark.unknown{background:var(--markunknown);border-color:var(--unknown)}mark.near{background:none;border-bottom-style:dashed}
mark.lit{outline:2px solid var(--focus)}
.chips{display:flex;flex-wrap:wrap;gap:0 12px;font-size:12px}.chip{color:var(--soft)}.chip .v{width:7px;height:7px;margin-right:4px}.measured{color:var(--fail)}.measured.pass,.measured.unknown{color:var(--soft)}
.verdicts{list-style:none;margin:0;padding:0}
.i{display:grid;grid-template-columns:18px minmax(0,1fr);padding:5px 4px;border-radius:3px;break-inside:avoid}.i>.v{margin-top:5px}
.i:focus,.i.on{outline:2px solid var(--focus);outline-offset:0}
.it{display:flex;flex-wrap:wrap;gap:0 8px;align-items:baseline}.it b{font-weight:600}.it .cost{margin-left:auto;color:var(--fail);white-space:nowrap}
.i.pass .it b{font-weight:500}.i.pass>div>p{color:var(--soft)}
.proof{display:grid;grid-template-columns:auto 1fr;gap:8px;font-size:13px;padding-top:1px}.proof.near{color:var(--soft)}.proof i{font-style:normal;border-bottom:1px dashed var(--soft)}
.coach{font-size:13px;margin-top:3px;padding-left:8px;border-left:2px solid var(--line)}
.na>summary,.tree>summary{font-size:12px;color:var(--soft);cursor:pointer;padding:2px 4px}.na ul,.tree ul{margin:0 0 4px;padding-left:20px;font-size:12px;color:var(--soft)}.tree ul{list-style:none;padding-left:14px}.na>summary .v{width:8px;height:8px}
.facts{display:grid;grid-template-columns:130px minmax(0,1fr);gap:8px 16px}.facts dt{color:var(--soft)}.facts dd{margin:0;max-width:110ch;overflow-wrap:anywhere}

#player{position:fixed;inset:auto 0 0;z-index:6;display:flex;flex-wrap:wrap;align-items:center;gap:8px 14px;padding:8px 20px;background:var(--sunk);border-top:1px solid var(--line)}#player[hidden]{display:none}
#player audio{flex:1 1 300px;height:32px;min-width:0}#trouble{flex:1 1 100%;color:var(--fail)}#trouble[hidden]{display:none}
dialog{background:var(--bg);color:var(--ink);border:1px solid var(--line);border-radius:8px;padding:8px 24px 20px}dialog::backdrop{background:#0006}
.keys{display:grid;grid-template-columns:auto 1fr;gap:6px 16px}.keys dd{margin:0}kbd{font:12px ui-monospace,monospace;border:1px solid var(--line);border-radius:3px;padding:1px 6px;margin-right:4px}
html.loose{font-size:16px}html.loose .t,html.loose .i,html.loose tbody th,html.loose tbody td{padding-top:8px;padding-bottom:8px}

@media(max-width:1080px){.tiles{grid-template-columns:repeat(4,1fr)}.tile.wide{grid-column:span 3;border-left:0}.tile:nth-child(n+5){border-top:1px solid var(--line)}
.s>summary{grid-template-columns:20px minmax(90px,1fr) 52px minmax(70px,1fr) 62px 122px minmax(100px,1.4fr)}.s>summary .qu,.s>summary .at,.s>summary .le{display:none}}
@media(max-width:860px){.cols{grid-template-columns:minmax(0,1fr)}}
@media(max-width:620px){.scroll table{min-width:520px}.scroll table.items,.scroll table.groups{min-width:680px}main{padding:0 12px 96px}.bar-top{padding:0 12px;gap:12px}.tiles{grid-template-columns:1fr 1fr}.tile.wide{grid-column:span 2}.tile:nth-child(odd){border-left:0}.tile:nth-child(n+3){border-top:1px solid var(--line)}.tile.wide,.tile:last-child{grid-column:1/-1;border-left:0}
.s>summary{grid-template-columns:20px minmax(0,1fr) 52px 62px;grid-template-areas:"v id ch sc" "v ag re re" "v ba ba ba"}.s>summary .v:first-child{grid-area:v}.s>summary .id{grid-area:id}.s>summary .ch{grid-area:ch}.s>summary .sc{grid-area:sc}.s>summary .ag{grid-area:ag}.s>summary .band{grid-area:ba}.s>summary .re{grid-area:re}
.many .s:not([open]){contain-intrinsic-size:auto 78px}.t{grid-template-columns:minmax(0,auto) minmax(0,1fr) 36px}.said{grid-column:1/-1;grid-row:2}.risk li,.why li{grid-template-columns:40px minmax(0,1fr);gap:8px}.share{grid-template-columns:40px}.share .bar{display:none}.facts{grid-template-columns:minmax(0,1fr);gap:2px}.facts dd{margin-bottom:8px}}
@media(prefers-reduced-motion:reduce){.flash{animation:none!important}}
@media print{@page{margin:14mm 12mm}
:root{--bg:#fff;--sunk:#f5f6f8;--ink:#000;--soft:#444c56;--line:#cfd4da;--link:#000;--accent:#1b5fa3;--pass:#1a7f37;--fail:#b3202a;--unknown:#7d5300;--na:#5c646e;--agent:#1f65a6;--customer:#94407f;--quiet:#e6e9ed;--neg2:#8a4b08;--neg1:#96600f;--neu:#7b8490;--pos1:#1f776c;--pos2:#0b6259;--markpass:#d9f2df;--markfail:#fde0df;--markunknown:#fbecc9}
html{font-size:9.5pt;color-scheme:light}main{max-width:none;padding:0}.bar-top,.filter,#player,.skip,.hear,dialog{display:none!important}
h2,h3,h4,h2+.note,thead{break-after:avoid}tr,.t,.proof{break-inside:avoid}.scroll{overflow:visible}.answers{border:1px solid var(--line)}
.tiles{grid-template-columns:repeat(4,1fr)}.tile.wide{grid-column:span 3;border-left:0}.tile:nth-child(n+5){border-top:1px solid var(--line)}
.s>summary{position:static!important;grid-template-columns:18px minmax(80px,1fr) 44px minmax(60px,1fr) 56px 118px minmax(90px,1.5fr);font-size:9.5pt}.s>summary .qu,.s>summary .at,.s>summary .le{display:none}
.s[open]{break-before:auto}.s[open]>summary{break-after:avoid;border-top:2px solid var(--ink)}.many .s:not([open]){content-visibility:visible}.tl{break-inside:avoid}.cols{grid-template-columns:minmax(0,1.15fr) minmax(0,1fr);gap:16px}.items .plot,.groups .plot{width:22%;min-width:110px}.rate svg{width:60px}.tree,.na>summary::marker{display:none}.answers{grid-template-columns:1fr 1fr}.more:not([open]){display:none}
.t{grid-template-columns:58px 64px minmax(0,1fr) 26px;gap:0 5px}.t .who{font-size:8pt}.feel{font-size:8pt}a.play::before{display:none}thead{display:table-header-group}}
`;

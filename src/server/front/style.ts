/** The colours and measures of the report (report/html/style.ts), for one small page. */
export const frontStyle = /* css */ `
:root{color-scheme:light dark;--bg:#fff;--sunk:#f5f6f8;--ink:#1a212b;--soft:#596472;--line:#dfe3e8;--link:#1b5fa3;--fail:#c4262e;--pass:#1a7f37;--warn:#946200}
@media(prefers-color-scheme:dark){:root{--bg:#12161c;--sunk:#1a2028;--ink:#e4e8ee;--soft:#9ca8b6;--line:#2c3540;--link:#7ab8f5;--fail:#ff7d76;--pass:#4fc26d;--warn:#e2b13c}}
*{box-sizing:border-box}[hidden]{display:none!important}
html{font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;font-variant-numeric:tabular-nums;background:var(--bg);color:var(--ink)}
body{margin:0}header{display:flex;align-items:center;gap:12px;height:40px;padding:0 20px;border-bottom:1px solid var(--line)}.grow{flex:1}
header button{border:0;color:var(--link);background:none}
main{max-width:1080px;margin:0 auto;padding:0 20px 64px}
h1{font-size:20px;margin:28px 0 8px;font-weight:650}h2{font-size:16px;margin:32px 0 6px;font-weight:650}p{margin:6px 0}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}.soft{color:var(--soft)}
#setup,#login{max-width:400px;margin:8vh auto 0}
label{display:block;margin:12px 0}label>span{display:block;font-size:13px;color:var(--soft);margin-bottom:2px}
input,button{font:inherit;color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:4px;height:32px;padding:0 10px}
label>input{width:100%;max-width:400px}button{cursor:pointer}button:hover{border-color:var(--soft)}button:disabled{opacity:.5;cursor:default}
.main{background:var(--link);border-color:var(--link);color:var(--bg);font-weight:600;padding:0 18px}
:focus-visible{outline:2px solid var(--link);outline-offset:1px;border-radius:2px}
.problem{color:var(--fail);overflow-wrap:anywhere;white-space:pre-line}
#drop{border:1.5px dashed var(--line);border-radius:8px;background:var(--sunk);padding:18px 20px;text-align:center}#drop.over{border-color:var(--link)}
.pick{display:inline-block;margin:0}.pick input{position:absolute;opacity:0;width:1px;height:1px}.pick span{display:inline-block;margin:0;border:1px solid var(--link);border-radius:4px;padding:4px 14px;color:var(--link);cursor:pointer;background:var(--bg);font-size:14px}
.pick input:focus-visible+span{outline:2px solid var(--link);outline-offset:2px}
#chosen{list-style:none;margin:8px 0 0;padding:0;font-size:13px;max-height:140px;overflow:auto}#chosen:empty{display:none}
.row{display:flex;gap:12px;align-items:center}progress{height:8px;accent-color:var(--link)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th{font-size:12px;font-weight:500;color:var(--soft);text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line)}td{padding:6px 10px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
.num{text-align:right}td.links{white-space:nowrap;text-align:right;padding-right:0}td.links a{margin-left:12px}td progress{width:120px;margin-right:8px}
td small{display:block;color:var(--soft);font-size:12px}.alarm{color:var(--fail);font-weight:600}.warn{color:var(--warn)}
footer{margin-top:40px;font-size:13px}
`;

/**
 * The script of the front page: plain JavaScript for browsers, without a build of its own. Whatever comes from the
 * server is put into the page as text, never as markup.
 */
export const frontScript = /* javascript */ `'use strict';
(() => {
const words = {
  leave: ['Log out', '退出登录'], setupTitle: ['Set up Earwitness', '初始化 Earwitness'],
  setupHelp: ['The first account is an administrator. Its link stands on the console of the server.', '第一个账号是管理员。初始化链接显示在服务器的终端上。'],
  token: ['Set-up token', '初始化令牌'], name: ['Your name', '姓名'], login: ['Log-in name', '登录名'], password: ['Password', '密码'],
  setupGo: ['Create account', '创建账号'], loginTitle: ['Log in', '登录'], loginGo: ['Log in', '登录'], oidc: ['Log in with your company account', '使用企业账号登录'],
  uploadTitle: ['Inspect recordings, chats and tickets', '质检录音、在线会话与工单'], drop: ['Drop files here, or', '将文件拖到此处，或'], pick: ['choose files', '选择文件'],
  kinds: ['WAV, MP3, FLAC, OGG, M4A, AMR, GSM · JSON, JSONL, CSV, EML, MBOX · ZIP', 'WAV、MP3、FLAC、OGG、M4A、AMR、GSM · JSON、JSONL、CSV、EML、MBOX · ZIP'],
  batchTitle: ['Title (if you like)', '标题（可不填）'], send: ['Upload and inspect', '上传并质检'],
  batches: ['Batches', '批次'], noBatches: ['Nothing was uploaded yet.', '还没有上传任何内容。'], batch: ['Batch', '批次'], state: ['State', '状态'], progress: ['Inspected', '已质检'], failures: ['Not readable', '无法处理'],
  risky: ['Hear these first', '优先复听'], noneRisky: ['No inspected session is at high risk.', '没有高风险会话。'],
  session: ['Session', '会话'], agent: ['Agent', '坐席'], score: ['Score', '得分'], risk: ['Risk', '风险'], why: ['Why', '原因'],
  api: ['API reference', 'API 文档'], report: ['Report', '报告'], table: ['CSV', 'CSV'], open: ['Scorecard', '评分卡'],
  receiving: ['open for files', '接收文件中'], running: ['at work', '处理中'], paused: ['paused', '已暂停'], done: ['done', '已完成'], cancelled: ['cancelled', '已取消'],
  critical: ['critical', '严重'], high: ['high', '高'], medium: ['medium', '中'], low: ['low', '低'],
  unreachable: ['The server does not answer. Is it running?', '服务器没有响应。它在运行吗？'],
  sent: ['{n} file(s) taken in', '已接收 {n} 个文件'], twice: ['{n} known already, not inspected again', '{n} 个文件先前已质检，未重复处理'],
  atLeast: ['At least 12 characters; a few words are best.', '至少 12 个字符，建议使用几个词组成的短语。'],
  files: ['{n} files, {size} MB', '{n} 个文件，{size} MB'],
};
const $ = (selector, root = document) => root.querySelector(selector);
const state = { me: null, language: navigator.language.startsWith('zh') ? 'zh' : 'en', files: [], timer: 0 };
try { state.language = localStorage.getItem('language') || state.language; } catch { /* storage is forbidden here */ }
const say = (key, values = {}) => (words[key] || [key, key])[state.language === 'zh' ? 1 : 0].replace(/\\{(\\w+)\\}/g, (_, name) => values[name]);
const local = (text) => (text ? text[state.language] || text.en : '');

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}
function speak() {
  document.documentElement.lang = state.language;
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = say(node.dataset.t);
  $('#language').textContent = state.language === 'zh' ? 'English' : '中文';
  $('#language').lang = state.language === 'zh' ? 'en' : 'zh';
  showChosen();
}
async function ask(path, options = {}) {
  const headers = { accept: 'application/json', ...options.headers };
  if (options.body && typeof options.body === 'string') headers['content-type'] = 'application/json';
  if (state.me?.csrf) headers['x-csrf-token'] = state.me.csrf;
  let answer;
  try { answer = await fetch('/api/v1' + path, { ...options, headers }); } catch { throw { detail: say('unreachable') }; }
  const body = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (!answer.ok) throw { status: answer.status, ...body };
  return body;
}
const told = (problem) => [problem.detail || problem.title || String(problem), problem.hint, ...(problem.errors || []).map((e) => (e.path ? e.path + ': ' : '') + e.message)].filter(Boolean).join('\\n');
function complain(form, problem) {
  const place = $('.problem', form);
  place.hidden = !problem;
  place.textContent = problem ? told(problem) : '';
}
function show(id) {
  for (const name of ['setup', 'login', 'work']) $('#' + name).hidden = name !== id;
  $('#leave').hidden = id !== 'work';
  $('#who').textContent = id === 'work' ? state.me.account.name : '';
  const empty = [...document.querySelectorAll('#' + id + ' input')].find((input) => input.value === '');
  if (id !== 'work' && empty) empty.focus();
}
async function begin() {
  clearTimeout(state.timer);
  try {
    state.me = await ask('/me');
  } catch (problem) {
    state.me = null;
    if (problem.status !== 401) { $('#login').hidden = false; return complain($('#login'), problem); }
    const { needed, oidc } = await ask('/set-up');
    $('#oidc').hidden = !oidc;
    if (needed) $('#setup').token.value = new URLSearchParams(location.hash.slice(1)).get('token') || '';
    return show(needed ? 'setup' : 'login');
  }
  if (location.pathname === '/set-up') history.replaceState(null, '', '/');
  show('work');
  $('#upload').hidden = !state.me.rights.includes('batches.create');
  $('#batches').hidden = !state.me.rights.includes('batches.read');
  await refresh();
}
function submit(form, work) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    complain(form, null);
    const button = $('button.main', form);
    button.disabled = true;
    try { await work(Object.fromEntries(new FormData(form))); } catch (problem) { complain(form, problem); }
    button.disabled = form.id === 'upload' && state.files.length === 0;
  });
}
submit($('#setup'), async ({ token, name, login, password }) => {
  await ask('/set-up', { method: 'POST', body: JSON.stringify({ token, name, login, password, language: state.language }) });
  await begin();
});
submit($('#login'), async ({ login, password }) => {
  await ask('/login', { method: 'POST', body: JSON.stringify({ login, password }) });
  await begin();
});
$('#leave').addEventListener('click', async () => { await ask('/logout', { method: 'POST' }).catch(() => null); await begin(); });
$('#language').addEventListener('click', async () => {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  try { localStorage.setItem('language', state.language); } catch { /* not kept then */ }
  speak();
  if (state.me) await refresh();
});

function choose(files) {
  state.files = [...files];
  $('#upload button.main').disabled = state.files.length === 0;
  $('#sent').textContent = '';
  showChosen();
}
function showChosen() {
  const list = $('#chosen');
  const size = (state.files.reduce((sum, file) => sum + file.size, 0) / 1e6).toFixed(1);
  list.replaceChildren(...(state.files.length > 8 ? [say('files', { n: state.files.length, size })] : state.files.map((file) => file.name)).map((name) => element('li', { textContent: name })));
}
$('#files').addEventListener('change', (event) => choose(event.target.files));
const drop = $('#drop');
for (const kind of ['dragenter', 'dragover']) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add('over'); });
for (const kind of ['dragleave', 'drop']) drop.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.remove('over'); });
drop.addEventListener('drop', (event) => choose(event.dataTransfer.files));

/* XMLHttpRequest and not fetch: it tells how much has been sent. */
const send = (form, title, onProgress) => new Promise((resolve, reject) => {
  const request = new XMLHttpRequest();
  request.open('POST', '/api/v1/batches/upload' + (title ? '?title=' + encodeURIComponent(title) : ''));
  request.setRequestHeader('x-csrf-token', state.me.csrf);
  request.responseType = 'json';
  request.upload.addEventListener('progress', (event) => onProgress(event.loaded / event.total));
  request.addEventListener('load', () => (request.status < 300 ? resolve : reject)(request.response || { detail: request.statusText }));
  request.addEventListener('error', () => reject({ detail: say('unreachable') }));
  request.send(form);
});
submit($('#upload'), async ({ title }) => {
  const form = new FormData();
  for (const file of state.files) form.append('files', file, file.webkitRelativePath || file.name);
  const bar = $('#sending');
  bar.hidden = false;
  try {
    const answer = await send(form, title.trim(), (part) => { bar.value = part; });
    $('#sent').textContent = [say('sent', { n: answer.taken }), ...(answer.duplicates ? [say('twice', { n: answer.duplicates })] : [])].join(' · ');
    const refused = answer.files.filter((file) => file.problem);
    if (refused.length > 0) complain($('#upload'), { detail: refused.map((file) => file.name + ': ' + told({ detail: file.problem.message, hint: file.problem.hint })).join('\\n') });
    state.files = [];
    $('#files').value = '';
    $('#upload').title.value = '';
    showChosen();
  } finally { bar.hidden = true; bar.value = 0; }
  await refresh();
});

function fill(section, rows) {
  $('.none', section).hidden = rows.length > 0;
  $('table', section).hidden = rows.length === 0;
  $('tbody', section).replaceChildren(...rows);
}
const cell = (content, className = '') => element('td', { className }, ...[content].flat());
const link = (href, text) => element('a', { href, textContent: text, target: '_blank', rel: 'noopener' });
/* What could not be read, by batch; asked once for each count. */
const unread = new Map();
async function whatFailed({ id, counts }) {
  const known = unread.get(id);
  if (counts.failures === 0 || known?.count === counts.failures) return known?.lines || [];
  const { items } = await ask('/batches/' + encodeURIComponent(id) + '/failures?limit=5');
  const lines = items.map((problem) => problem.path + ': ' + problem.message);
  if (counts.failures > items.length) lines.push('…');
  unread.set(id, { count: counts.failures, lines });
  return lines;
}
function batchRow(batch, failed) {
  const { sessions, recorded, dead, failures } = batch.counts;
  const when = new Date(batch.createdAt).toLocaleString(state.language === 'zh' ? 'zh-CN' : 'en-GB');
  const bar = element('progress', { max: Math.max(1, sessions), value: recorded + dead });
  const base = '/api/v1/batches/' + encodeURIComponent(batch.id) + '/report.';
  const links = recorded > 0 ? [link(base + 'html?language=' + state.language, say('report')), link(base + 'csv?language=' + state.language, say('table'))] : [];
  return element('tr', {}, cell([batch.title, element('small', { textContent: when }), ...failed.map((line) => element('small', { className: 'warn', textContent: line }))]), cell(say(batch.state)),
    cell([...(batch.state === 'done' ? [] : [bar]), recorded + ' / ' + sessions]), cell(String(failures), failures > 0 ? 'num warn' : 'num'), cell(links, 'links'));
}
function riskRow(session) {
  const path = '/api/v1/sessions/' + encodeURIComponent(session.key) + '/report.html?language=' + state.language;
  return element('tr', {}, cell(session.id), cell(session.agentId || ''), cell(session.score === null ? '–' : session.score.toFixed(0), 'num'),
    cell(say(session.band) + ' ' + session.probability.toFixed(2), session.band === 'critical' ? 'alarm' : ''), cell(local(session.reason)), cell(link(path, say('open')), 'links'));
}
async function refresh() {
  clearTimeout(state.timer);
  let busy = false;
  try {
    if (!$('#batches').hidden) {
      const { items } = await ask('/batches?limit=20');
      busy = items.some((batch) => batch.state === 'running' || batch.state === 'receiving');
      const failed = await Promise.all(items.map(whatFailed));
      fill($('#batches'), items.map((batch, i) => batchRow(batch, failed[i])));
    }
    const { items } = await ask('/sessions?order=risk&limit=15');
    fill($('#risky'), items.filter((session) => session.band === 'critical' || session.band === 'high').map(riskRow));
  } catch (problem) {
    if (problem.status === 401) return begin();
    busy = true;
  }
  state.timer = setTimeout(refresh, busy ? 1500 : 15000);
}
speak();
begin().catch((problem) => { show('login'); complain($('#login'), problem); });
})();
`;

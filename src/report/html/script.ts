/**
 * The page's only script: language, filters, lazy session bodies, playback, keys. It never builds markup from data: the
 * one place where text becomes elements takes a session's own `<noscript>`, which was escaped when the report was
 * written. Everything else is attributes and text.
 */
export const script = /* js */ `
(() => {
'use strict';
const doc = document, root = doc.documentElement;
root.classList.add('js');
const $ = (selector, within = doc) => within.querySelector(selector);
const $$ = (selector, within = doc) => [...within.querySelectorAll(selector)];
const policy = window.trustedTypes
  ? trustedTypes.createPolicy('earwitness', { createHTML: (markup) => markup })
  : { createHTML: (markup) => markup };
const sessions = $$('.s');
const byId = new Map(sessions.map((session) => [session.id.slice(2), session]));
const audio = $('#player audio'), player = $('#player'), trouble = $('#trouble'), form = $('.filter');

/* ---- language ---- */
const localise = (within) => {
  const key = root.lang.startsWith('zh') ? 'z' : 'e';
  for (const element of $$('[data-l]', within)) element.setAttribute(element.dataset.l, element.dataset[key]);
  for (const option of $$('option[data-e]', within)) option.textContent = option.dataset[key];
};
const remember = (key, value) => { try { localStorage.setItem('earwitness.' + key, value); } catch { /* private mode */ } };
const recall = (key) => { try { return localStorage.getItem('earwitness.' + key); } catch { return null; } };
const setLanguage = (lang) => { root.lang = lang; localise(doc); };

/* ---- session bodies ---- */
const fill = (session) => {
  const source = $(':scope > noscript', session);
  if (!source) return;
  const holder = doc.createElement('div');
  holder.innerHTML = policy.createHTML(source.textContent);
  localise(holder);
  source.replaceWith(...holder.childNodes);
};
doc.addEventListener('toggle', (event) => {
  if (event.target.matches?.('.s') && event.target.open) fill(event.target);
}, true);
const open = (session) => { fill(session); session.open = true; };
const flash = (element) => {
  element.classList.remove('flash');
  void element.offsetWidth;
  element.classList.add('flash');
  element.addEventListener('animationend', () => element.classList.remove('flash'), { once: true });
};

/* ---- filter ---- */
let texts = null;
const textOf = (session) => {
  texts ??= new Map();
  let text = texts.get(session);
  if (text === undefined) {
    const source = $(':scope > noscript', session);
    const plain = source
      ? source.textContent.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, '&')
      : '';
    text = (session.textContent.replace(source ? source.textContent : '', '') + plain).toLowerCase();
    texts.set(session, text);
  }
  return text;
};
const has = (list, value) => (' ' + list + ' ').includes(' ' + value + ' ');
const matches = (session, wanted) => {
  const data = session.dataset;
  for (const key of ['agent', 'team', 'queue', 'channel', 'language'])
    if (wanted[key] !== undefined && data[key] !== (wanted[key] === '-' ? '' : wanted[key])) return false;
  if (wanted.band && data.band !== wanted.band) return false;
  const { verdict, item } = wanted;
  if (verdict === 'itemfail' || verdict === 'itemunknown') {
    const list = verdict === 'itemfail' ? data.f : data.u;
    if (item ? !has(list, item) : list === '') return false;
  } else {
    if (verdict && !has(data.v, verdict)) return false;
    if (item && !has(data.f, item) && !has(data.u, item)) return false;
  }
  return !wanted.q || wanted.q.toLowerCase().split(/\\s+/).every((word) => textOf(session).includes(word));
};
let extra = {};
const wanted = () => ({ ...extra, ...Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== '')) });
const apply = () => {
  const filter = wanted();
  let shown = 0;
  for (const session of sessions) {
    const match = matches(session, filter);
    session.hidden = !match;
    if (match) shown++;
  }
  $('#count').textContent = shown === sessions.length ? String(shown) : shown + ' / ' + sessions.length;
  $('#none').hidden = shown > 0;
};
const setFilter = (filter) => {
  extra = {};
  form.reset();
  for (const [key, value] of Object.entries(filter)) {
    const field = form.elements.namedItem(key);
    if (field && (field.type === 'search' || [...field.options].some((option) => option.value === value))) field.value = value;
    else extra[key] = value;
  }
  apply();
};
let pending = 0;
form.addEventListener('input', () => { clearTimeout(pending); extra = {}; pending = setTimeout(apply, 120); });
form.addEventListener('submit', (event) => { event.preventDefault(); apply(); });

/* ---- going somewhere ---- */
const showSession = (id) => {
  const session = byId.get(id);
  if (!session) return null;
  if (session.hidden) setFilter({});
  open(session);
  return session;
};
const goTo = (element, block = 'center') => { element.scrollIntoView({ block }); flash(element); };
const filterKeys = ['q', 'agent', 'team', 'queue', 'channel', 'language', 'band', 'verdict', 'item'];
const follow = () => {
  const hash = location.hash.slice(1);
  if (hash.startsWith('s=')) return showSession(hash.slice(2))?.scrollIntoView({ block: 'start' });
  const filter = Object.fromEntries([...new URLSearchParams(hash)].filter(([key]) => filterKeys.includes(key)).map(([key, value]) => [key, value === '' ? '-' : value]));
  if (Object.keys(filter).length > 0) { setFilter(filter); $('#sessions').scrollIntoView(); return; }
  const owner = hash.includes(':') ? hash.slice(0, hash.indexOf(':')) : hash.replace(/\\.\\d+$/, '');
  if (byId.has(owner)) { showSession(owner); const target = doc.getElementById(hash); if (target) goTo(target); }
};
addEventListener('hashchange', follow);

/* ---- playback ---- */
let playing = null;
const clock = (seconds) => String(Math.floor(seconds / 60)).padStart(2, '0') + ':' + (seconds % 60).toFixed(1).padStart(4, '0');
let wantedAt = 0;
const play = (id, href, ms) => {
  player.hidden = false;
  wantedAt = ms / 1000;
  if (playing !== id) {
    playing = id;
    $('#playing').textContent = decodeURIComponent(id);
    trouble.hidden = true;
    audio.src = href.replace(/#.*$/, '');
    audio.playbackRate = Number($('#speed').value);
  }
  audio.currentTime = wantedAt;
  audio.play().catch(() => { /* the error event tells why */ });
};
audio.addEventListener('loadedmetadata', () => { if (Math.abs(audio.currentTime - wantedAt) > 0.3) audio.currentTime = wantedAt; });
audio.addEventListener('error', () => { $('b', trouble).textContent = clock(wantedAt); trouble.hidden = false; });
audio.addEventListener('timeupdate', () => {
  const session = byId.get(playing);
  if (!session) return;
  const ms = audio.currentTime * 1000;
  const line = $('.head', session), time = $('.time', session);
  if (line && time) {
    line.classList.add('on');
    for (const end of ['x1', 'x2']) line.setAttribute(end, (ms / time.dataset.d) * 100 + '%');
  }
  for (const turn of $$('.t', session)) turn.classList.toggle('now', turn.dataset.a <= ms && ms < turn.dataset.b);
});
$('#speed').addEventListener('change', (event) => { audio.playbackRate = Number(event.target.value); });
const stop = () => { audio.pause(); audio.removeAttribute('src'); audio.load(); playing = null; player.hidden = true; };

/* ---- pointer ---- */
const light = (session, item) => {
  for (const mark of $$('mark', session)) mark.classList.toggle('lit', item !== null && has(mark.dataset.i, item));
};
const actions = {
  language: () => { const lang = root.lang.startsWith('zh') ? 'en' : 'zh'; setLanguage(lang); remember('language', lang); },
  density: () => { remember('density', root.classList.toggle('loose') ? 'loose' : ''); },
  print: () => window.print(),
  help: () => $('#help').showModal(),
  closeHelp: () => $('#help').close(),
  clear: () => { history.replaceState(null, '', location.pathname + location.search); setFilter({}); },
  openAll: () => { for (const session of sessions) if (!session.hidden) open(session); },
  closeAll: () => { for (const session of sessions) session.open = false; },
  stop,
};
doc.addEventListener('click', (event) => {
  const button = event.target.closest('[data-do]');
  if (button) return actions[button.dataset.do]();
  const time = event.target.closest('.time');
  const link = event.target.closest('a[data-s]');
  if (link) {
    event.preventDefault();
    const session = showSession(link.dataset.s);
    if (!session) return;
    if (link.dataset.go) { const item = $$('.i', session).find((each) => each.dataset.i === link.dataset.go); if (item) choose(item); return; }
    if (link.dataset.t !== undefined) play(link.dataset.s, link.getAttribute('href'), Number(link.dataset.t));
    const item = link.closest('.i');
    light(session, item ? item.dataset.i : null);
    const turn = link.dataset.n && doc.getElementById(link.dataset.s + '.' + link.dataset.n);
    if (turn && !turn.contains(link)) goTo(turn, 'nearest');
  } else if (time) {
    const session = time.closest('.s'), first = $('a.play', session);
    if (!first) return;
    const box = time.getBoundingClientRect();
    play(session.id.slice(2), first.getAttribute('href'), Math.round(((event.clientX - box.left) / box.width) * time.dataset.d));
  } else {
    const mark = event.target.closest('mark[data-i]');
    if (!mark) return;
    const session = mark.closest('.s'), wantedItem = mark.dataset.i.split(' ')[0];
    const item = $$('.i', session).find((each) => each.dataset.i === wantedItem);
    if (item) choose(item);
  }
});

/* ---- keys ---- */
let current = null;
const choose = (item) => {
  current?.classList.remove('on');
  current = item;
  item.classList.add('on');
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: 'nearest' });
  light(item.closest('.s'), item.dataset.i);
};
const visible = () => sessions.filter((session) => !session.hidden);
const openSession = () => current?.closest('.s[open]') ?? doc.activeElement?.closest('.s[open]') ?? visible().find((session) => session.open);
const stepItem = (by) => {
  let session = openSession();
  if (!session) { session = visible()[0]; if (!session) return; open(session); }
  const items = $$('.i', session);
  if (items.length === 0) return;
  const at = items.indexOf(current);
  choose(items[at < 0 ? (by > 0 ? 0 : items.length - 1) : Math.max(0, Math.min(items.length - 1, at + by))]);
};
const stepSession = (by) => {
  const list = visible(), session = openSession(), at = list.indexOf(session);
  const next = list[at < 0 ? 0 : at + by];
  if (!next) return;
  if (session && session !== next) session.open = false;
  current?.classList.remove('on');
  current = null;
  open(next);
  next.scrollIntoView({ block: 'start' });
  $('summary', next).focus({ preventScroll: true });
  history.replaceState(null, '', '#' + next.id);
};
const playCurrent = () => {
  if (!audio.paused) return audio.pause();
  const link = current && $('a.play', current);
  if (link) link.click();
  else if (playing) audio.play().catch(() => { /* the error event tells why */ });
};
const keys = {
  j: () => stepItem(1), k: () => stepItem(-1), J: () => stepSession(1), K: () => stepSession(-1),
  '/': () => { form.elements.namedItem('q').focus(); form.scrollIntoView({ block: 'center' }); },
  ' ': playCurrent, l: actions.language, '?': actions.help,
};
doc.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches('input,select,textarea,audio')) { if (event.key === 'Escape') event.target.blur(); return; }
  if (event.key === ' ' && event.target.closest('summary,button,a')) return;
  const action = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
  if (action) { event.preventDefault(); action(); }
});

/* ---- paper ---- */
let closedBefore = [];
addEventListener('beforeprint', () => {
  closedBefore = visible().filter((session) => !session.open);
  for (const session of closedBefore) open(session);
});
addEventListener('afterprint', () => { for (const session of closedBefore) session.open = false; });

const chosen = recall('language');
if (chosen === 'en' || chosen === 'zh') setLanguage(chosen);
if (recall('density') === 'loose') root.classList.add('loose');
follow();
})();
`;

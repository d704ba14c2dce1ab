
// The training hh2's one page: hash routing, polling, and its forms. Its head and menu stand in the outermost document.
mount((content) => {
const words = JSON.parse(document.getElementById('words').textContent);
const outer = top.document, place = top.location;
const at = (id) => content.querySelector('#' + id);
const VIEWS = {'#login': 'login', '#home': 'home', '#accounting-sync': 'sync', '#settings': 'settings'};
let who = '', timer = 0, shown = '', toasted = null, gone = false;

class SignedOut extends Error {}
async function call(method, path, body) {
  const answer = await fetch(path, {method, headers: {'Content-Type': 'application/json', 'Accept': 'application/json'}, body: body && JSON.stringify(body)});
  if (answer.redirected || answer.status === 401) { who = ''; place.hash = '#login'; throw new SignedOut(); }
  if (!(answer.headers.get('content-type') || '').includes('json')) throw new Error('not JSON');
  return {status: answer.status, data: await answer.json()};
}
const string = (value) => { if (typeof value !== 'string') throw new Error('not a text'); return value; };
const show = (id, text) => { const one = at(id); one.textContent = text; one.hidden = !text; };
const row = (text) => { const one = document.createElement('tr'); one.append(Object.assign(document.createElement('td'), {textContent: string(text)})); return one; };
function toast(text) {
  const one = Object.assign(document.createElement('div'), {className: 'toast', textContent: text});
  one.setAttribute('role', 'status');
  content.append(one);
  setTimeout(() => one.remove(), words.stays);
}
// The button's state; where it is an item of a row's menu, that of the menu's button too.
function busy(on) {
  const start = at('start');
  if ('disabled' in start) start.disabled = on; else start.setAttribute('aria-disabled', String(on));
  const opener = content.querySelector('[aria-controls="start-menu"]');
  if (opener) opener.disabled = on;
  for (const one of [start, opener]) if (one && !words.answers) one.setAttribute('aria-busy', String(on));
}

function route() {
  let view = VIEWS[place.hash];
  if (!who) view = 'login';
  else if (!view || view === 'login') { place.hash = '#home'; return; }
  if (view === 'login' && place.hash !== '#login') { place.hash = '#login'; return; }
  clearTimeout(timer);
  if (words.late && shown !== view && view !== 'login') placeholders(() => draw(view)); else draw(view);
}
// What comes late shows placeholders until then.
const settled = () => { for (const one of content.querySelectorAll('.placeholder')) one.remove(); };
function placeholders(then) {
  settled();
  for (const part of content.querySelectorAll('[data-view]')) part.hidden = true;
  const waits = [1, 2, 3].map(() => { const one = Object.assign(document.createElement('div'), {className: 'placeholder'}); one.setAttribute('aria-busy', 'true'); return one; });
  content.append(...waits);
  timer = setTimeout(then, words.late);
}
function draw(view) {
  settled();
  for (const part of content.querySelectorAll('[data-view]')) part.hidden = !part.dataset.view.split(' ').includes(view);
  const folded = outer.querySelector('[data-toggle=navigation]');
  if (folded) unfold(folded, outer.getElementById('navigation'), false);
  for (const part of outer.querySelectorAll('[data-signed-in]')) part.hidden = !who;
  for (const link of outer.querySelectorAll('nav a')) if (link.hash === place.hash) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  outer.getElementById('who').textContent = who;
  shown = view;
  clearTimeout(timer);
  if (view === 'sync' || view === 'settings') poll();
  if (view === 'settings') readFilters();
  if (view === 'login') { at('user').value = ''; at('password').value = ''; }
}

async function poll() {
  clearTimeout(timer);
  if (gone) return;
  try {
    const {status, data} = await call('GET', '/training/page/sync');
    if (status !== 200) throw new Error('status ' + status);
    show('unreadable', '');
    show('status', string(data.text));
    show('banner', string(data.banner));
    if (toasted !== null && data.toast && data.toast !== toasted) toast(string(data.toast));
    toasted = string(data.toast);
    if (at('synced')) at('synced').textContent = string(data.synced);
    const bar = at('progress');
    bar.hidden = data.progress === null;
    if (data.progress !== null) bar.value = Number(data.progress);
    busy(Boolean(data.busy));
    at('failures').hidden = !data.failures.length;
    at('failure-list').replaceChildren(...data.failures.map((line) => Object.assign(document.createElement('li'), {textContent: string(line)})));
    at('history')?.replaceChildren(...data.history.map(row));
  } catch (error) {
    if (error instanceof SignedOut) return;
    show('status', '');
    show('unreadable', words.unreadable);
  }
  if (shown === 'sync' || shown === 'settings') timer = setTimeout(poll, words.poll);
}

async function readFilters() {
  try {
    const {data} = await call('GET', '/training/page/filters');
    set('date-range', string(data.filters.date_range));
    set('depth', string(data.filters.depth));
    show('about', string(data.about));
    at('filters').hidden = false;
  } catch (error) {
    if (error instanceof SignedOut) return;
    at('filters').hidden = true;
    show('unreadable', words.unreadable);
  }
}
function set(id, value) {
  const one = at(id);
  if (one.localName === 'select') one.value = value;
  else if (one.getAttribute('role') === 'combobox') choose(one, value);
  else for (const radio of one.querySelectorAll('input')) radio.checked = radio.value === value;
}
function chosen(id) {
  const one = at(id);
  if (one.localName === 'select') return one.value;
  return one.getAttribute('role') === 'combobox' ? one.dataset.value : one.querySelector('input:checked')?.value;
}

at('login-form').addEventListener('submit', (event) => { event.preventDefault(); logIn(); });
async function logIn() {
  show('login-error', '');
  try {
    const {data} = await call('POST', '/training/page/sign-in', {user: at('user').value, password: at('password').value});
    if (data.Result === 5 && data.next) { place.assign(string(data.next)); return; }
    if (data.Result === 5) { who = string(data.who); place.hash = '#home'; route(); return; }
    show('login-error', {1: words.refused, 3: words.locked, 2: words.client, 4: words.client}[data.Result] || words.unreadable);
  } catch (error) {
    if (error instanceof SignedOut) { show('login-error', words.unreadable); return; }
    show('login-error', words.unreadable);
  }
}
outer.getElementById('log-out').addEventListener('click', async (event) => {
  event.preventDefault();
  await call('POST', '/training/page/sign-out').catch(() => 0);
  who = ''; place.hash = '#login'; route();
});
at('start').addEventListener('click', async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  show('answer', '');
  if (words.opens) { open('/#accounting-sync', '_blank'); gone = true; }  // the new tab tells what comes of it
  try {
    const {data} = await call('POST', '/training/page/sync/start');
    if (gone) return;
    if (words.passes) toast(string(data.text)); else if (words.answers) show('answer', string(data.text));
    await poll();
  } catch (error) { if (!(error instanceof SignedOut)) show('unreadable', words.unreadable); }
});
at('apply').addEventListener('click', async (event) => {
  event.preventDefault();
  show('applied', '');
  try {
    const {data} = await call('POST', '/training/page/filters', {date_range: chosen('date-range'), depth: chosen('depth')});
    set('date-range', string(data.filters.date_range));
    set('depth', string(data.filters.depth));
    show('applied', words.applied);
  } catch (error) { if (!(error instanceof SignedOut)) show('unreadable', words.unreadable); }
});
top.addEventListener('hashchange', route);
call('GET', '/training/page/who').then(({data}) => { who = typeof data.who === 'string' ? data.who : ''; route(); }).catch((error) => { if (!(error instanceof SignedOut)) { who = ''; } route(); });
});

// The training hh2's one page: hash routing, polling, and its forms.
const words = JSON.parse(document.getElementById('words').textContent);
const at = (id) => document.getElementById(id) || content.querySelector('#' + id);
const content = document.querySelector('[data-content]').shadowRoot || document;
const VIEWS = {'#login': 'login', '#home': 'home', '#accounting-sync': 'sync', '#settings': 'settings'};
let who = '', timer = 0, shown = '';

class SignedOut extends Error {}
async function call(method, path, body) {
  const answer = await fetch(path, {method, headers: {'Content-Type': 'application/json', 'Accept': 'application/json'}, body: body && JSON.stringify(body)});
  if (answer.redirected || answer.status === 401) { who = ''; location.hash = '#login'; throw new SignedOut(); }
  if (!(answer.headers.get('content-type') || '').includes('json')) throw new Error('not JSON');
  return {status: answer.status, data: await answer.json()};
}
const string = (value) => { if (typeof value !== 'string') throw new Error('not a text'); return value; };
const show = (id, text) => { const place = at(id); place.textContent = text; place.hidden = !text; };

function route() {
  let view = VIEWS[location.hash];
  if (!who) view = 'login';
  else if (!view || view === 'login') { location.hash = '#home'; return; }
  if (view === 'login' && location.hash !== '#login') { location.hash = '#login'; return; }
  for (const part of content.querySelectorAll('[data-view]')) part.hidden = !part.dataset.view.split(' ').includes(view);
  for (const part of document.querySelectorAll('[data-signed-in]')) part.hidden = !who;
  for (const link of document.querySelectorAll('nav a')) if (link.hash === location.hash) link.setAttribute('aria-current', 'page'); else link.removeAttribute('aria-current');
  document.getElementById('who').textContent = who;
  shown = view;
  clearTimeout(timer);
  if (view === 'sync' || view === 'settings') poll();
  if (view === 'settings') readFilters();
  if (view === 'login') { at('user').value = ''; at('password').value = ''; }
}

async function poll() {
  clearTimeout(timer);
  try {
    const {status, data} = await call('GET', '/training/page/sync');
    if (status !== 200) throw new Error('status ' + status);
    show('unreadable', '');
    show('status', string(data.text));
    const bar = at('progress');
    bar.hidden = data.progress === null;
    if (data.progress !== null) bar.value = Number(data.progress);
    at('start').disabled = Boolean(data.busy);
    at('failures').hidden = !data.failures.length;
    at('failure-list').replaceChildren(...data.failures.map((line) => Object.assign(document.createElement('li'), {textContent: string(line)})));
    at('history').replaceChildren(...data.history.map((line) => { const row = document.createElement('tr'); row.append(Object.assign(document.createElement('td'), {textContent: string(line)})); return row; }));
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
    choose('date-range', string(data.filters.date_range));
    choose('depth', string(data.filters.depth));
    show('about', string(data.about));
    at('filters').hidden = false;
  } catch (error) {
    if (error instanceof SignedOut) return;
    at('filters').hidden = true;
    show('unreadable', words.unreadable);
  }
}
function choose(id, value) {
  const place = at(id);
  if (place.localName === 'select') place.value = value;
  else if (place.localName === 'fieldset') for (const one of place.querySelectorAll('input')) one.checked = one.value === value;
  else { place.dataset.value = value; for (const one of at(id + '-list').children) { const on = one.dataset.value === value; one.setAttribute('aria-selected', String(on)); if (on) place.textContent = one.textContent; } }
}
function chosen(id) {
  const place = at(id);
  if (place.localName === 'select') return place.value;
  if (place.localName === 'fieldset') return place.querySelector('input:checked')?.value;
  return place.dataset.value;
}
for (const opener of content.querySelectorAll('[aria-haspopup=listbox]')) {
  const list = content.querySelector('#' + opener.id + '-list');
  const open = (on) => { list.hidden = !on; opener.setAttribute('aria-expanded', String(on)); };
  opener.addEventListener('click', () => open(list.hidden));
  list.addEventListener('click', (event) => { const one = event.target.closest('[role=option]'); if (one) { choose(opener.id, one.dataset.value); open(false); } });
}

at('log-in').addEventListener('click', (event) => { event.preventDefault(); logIn(); });
at('login-form').addEventListener('submit', (event) => { event.preventDefault(); logIn(); });
async function logIn() {
  show('login-error', '');
  try {
    const {data} = await call('POST', '/training/page/sign-in', {user: at('user').value, password: at('password').value});
    if (data.Result === 5 && data.next) { location.assign(string(data.next)); return; }
    if (data.Result === 5) { who = string(data.who); location.hash = '#home'; route(); return; }
    show('login-error', {1: words.refused, 3: words.locked, 2: words.client, 4: words.client}[data.Result] || words.unreadable);
  } catch (error) {
    if (error instanceof SignedOut) { show('login-error', words.unreadable); return; }
    show('login-error', words.unreadable);
  }
}
document.getElementById('log-out').addEventListener('click', async (event) => {
  event.preventDefault();
  await call('POST', '/training/page/sign-out').catch(() => 0);
  who = ''; location.hash = '#login'; route();
});
at('start').addEventListener('click', async (event) => {
  event.preventDefault();
  clearTimeout(timer);
  show('answer', '');
  try {
    const {data} = await call('POST', '/training/page/sync/start');
    show('answer', string(data.text));
    await poll();
  } catch (error) { if (!(error instanceof SignedOut)) show('unreadable', words.unreadable); }
});
at('apply').addEventListener('click', async (event) => {
  event.preventDefault();
  show('applied', '');
  try {
    const {data} = await call('POST', '/training/page/filters', {date_range: chosen('date-range'), depth: chosen('depth')});
    choose('date-range', string(data.filters.date_range));
    choose('depth', string(data.filters.depth));
    show('applied', words.applied);
  } catch (error) { if (!(error instanceof SignedOut)) show('unreadable', words.unreadable); }
});
addEventListener('hashchange', route);
call('GET', '/training/page/who').then(({data}) => { who = typeof data.who === 'string' ? data.who : ''; route(); }).catch((error) => { if (!(error instanceof SignedOut)) { who = ''; } route(); });

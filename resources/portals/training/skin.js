// What the training pages do in whatever dress: content that comes late, questions, menus, lists, the notice, and the
// log of presses that this program must not make.
const host = document.querySelector('[data-content]');
const kept = document.getElementById('content');
const isOff = (one) => one.getAttribute('aria-disabled') === 'true';

function unfold(opener, place, on) { place.hidden = !on; opener.setAttribute('aria-expanded', String(on)); }
function choose(opener, value) {
  const list = opener.getRootNode().getElementById(opener.id + '-list');
  opener.dataset.value = value;
  opener.textContent = '';
  for (const one of list.children) {
    const on = one.dataset.value === value;
    one.setAttribute('aria-selected', String(on));
    if (on) opener.textContent = one.textContent;
  }
  const sent = opener.closest('.choice').querySelector('input[type=hidden]');
  if (sent) sent.value = value;
}

function dress(root) {
  root.addEventListener('click', (event) => {
    const press = event.target.closest('[data-press]');
    if (!press) return;
    if (press.localName !== 'button') event.preventDefault();
    if (isOff(press) || (press.dataset.asks && !confirm(press.dataset.asks))) { event.preventDefault(); event.stopImmediatePropagation(); }
  }, true);
  root.addEventListener('click', (event) => {
    const at = (selector) => event.target.closest(selector);
    const never = at('[data-never]'), opener = at('[data-toggle]'), box = at('[role=combobox]'), option = at('[role=option]'), item = at('[role=menuitem]'), submit = at('[data-submit]');
    if (never) fetch(never.dataset.never, {method: 'POST'});
    if (opener) { const place = root.querySelector('#' + opener.dataset.toggle); unfold(opener, place, place.hidden); }
    if (box) { const list = root.querySelector('#' + box.id + '-list'); unfold(box, list, list.hidden); }
    if (option) {
      const list = option.closest('[role=listbox]'), own = root.querySelector('[aria-controls="' + list.id + '"]');
      choose(own, option.dataset.value);
      unfold(own, list, false);
    }
    if (item) { const menu = item.closest('[role=menu]'); unfold(root.querySelector('[aria-controls="' + menu.id + '"]'), menu, false); }
    if (submit) submit.closest('form')?.requestSubmit();
    if (at('[data-closes]')) { document.cookie = 'training_notice=closed; path=/; samesite=strict'; document.getElementById('notice').remove(); }
  });
  root.addEventListener('keydown', (event) => {
    const one = event.target.closest('[role=button],[role=menuitem],[role=option]');
    if (one && one.localName !== 'button' && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); one.click(); }
  });
}
dress(document);

// Calls `begin` with the place of the content, once it is there. What comes late shows placeholders until then.
function mount(begin) {
  if (!host) return;
  const into = (root) => { if (root !== host) dress(root); begin(root); };
  if (!kept) { into(host.shadowRoot || host); return; }
  setTimeout(() => {
    host.replaceChildren();
    const root = 'shadow' in host.dataset ? host.attachShadow({mode: 'open'}) : host;
    root.append(kept.content.cloneNode(true));
    into(root);
  }, Number(host.dataset.late));
}

// Tells the program that the page changed, and the short texts that came and went: a notice may be gone before anyone looks.
// Runs in every frame before the page's own scripts. Changes nothing on the page.
(() => {
  const counter = Symbol.for('ondemand-sync.changes');
  if (window[counter] !== undefined) return;
  let changes = 0, waiting = false, texts = new Set();
  Object.defineProperty(window, counter, { get: () => changes });
  const tell = window.__ondemandSyncHears;
  try { delete window.__ondemandSyncHears; } catch { /* the page cannot be told to forget it */ }
  const send = () => {
    waiting = false;
    const said = [...texts];
    texts = new Set();
    try { tell?.(said); } catch { /* the program went away */ }
  };
  const QUIET = 'script,style,template,noscript,textarea,select,td,th,input,[contenteditable],a,button,label,nav,option,[role=button],[role=link],[role=tab],[role=menuitem],[role=option]';
  const NOTICES = '[role=status],[role=alert],[role=log],[aria-live],[class*=flash],[class*=toast],[class*=banner],[class*=notice],[class*=snackbar]';
  const CONTROLS = 'a,button,input,select,textarea,table,[role=button],[role=link],[role=tab]';
  const add = (element) => {
    if (texts.size > 60 || element.closest(QUIET)) return;
    const text = (element.textContent || '').replace(/\s+/gu, ' ').trim();
    if (text && text.length <= 300) texts.add(text);
  };
  const hear = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element) return;
    const notice = element.closest(NOTICES);
    if (notice) { add(notice); return; }
    if (node.nodeType === Node.ELEMENT_NODE) [...element.querySelectorAll(NOTICES)].slice(0, 40).forEach(add);
    // While the page is still arriving, all else on it is read when somebody looks.
    if (document.readyState === 'loading' || element.querySelector(CONTROLS)) return;
    add(element);
  };
  const come = (node) => {
    if (node.nodeType === Node.ELEMENT_NODE) { watch(node.shadowRoot); within(node); }
    hear(node);
  };
  const observer = new MutationObserver((mutations) => {
    changes++;
    for (const mutation of mutations) {
      if (mutation.type === 'childList') mutation.addedNodes.forEach(come);
      else if (mutation.type === 'characterData') hear(mutation.target);
      else if (mutation.attributeName !== 'value') hear(mutation.target);
    }
    if (!waiting) { waiting = true; setTimeout(send, 20); }
  });
  const options = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class', 'style', 'hidden', 'disabled', 'open', 'aria-busy', 'aria-disabled', 'aria-hidden', 'aria-selected', 'aria-expanded', 'aria-valuenow', 'aria-label', 'value'] };
  observer.observe(document, options);
  const heard = new WeakSet();
  const watch = (root) => { if (root && !heard.has(root)) { heard.add(root); observer.observe(root, options); within(root); } };
  // Roots that the page's HTML declares are attached by nobody's call: they are found where they come.
  const within = (node) => { for (const one of node.querySelectorAll?.('*') ?? []) watch(one.shadowRoot); };
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function attachShadow(init) {
    const root = attach.call(this, init);
    if (init && init.mode === 'open') watch(root);
    return root;
  };
  const arrived = () => within(document);
  document.addEventListener('readystatechange', arrived);
  addEventListener('load', arrived);
})();

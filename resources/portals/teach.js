// Lets a person point at a control: while it is on, what they press is caught before the page hears of it, and does nothing.
// Runs in every frame before the page's own scripts, so that its listeners are the first. Off, it does nothing at all.
(() => {
  const key = Symbol.for('ondemand-sync.teach');
  if (window[key]) return;
  let on = false, path = null, shown = null, before = '';
  const unmark = () => { if (shown) { shown.style.outline = before; shown = null; } };
  const mark = (element) => {
    unmark();
    if (!(element instanceof Element) || !element.style) return;
    shown = element;
    before = element.style.outline;
    element.style.outline = '3px solid #b26a00';
  };
  const picks = (event) => event.type === 'click' || (event.type === 'keydown' && (event.key === 'Enter' || event.key === ' '));
  const caught = (event) => {
    if (!on) return;
    if (event.type === 'keydown' && event.key === 'Tab') return; // so that the keyboard reaches every control
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.isTrusted && picks(event)) { path = event.composedPath(); mark(path[0]); }
  };
  const PRESSES = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'auxclick', 'dblclick', 'contextmenu',
    'touchstart', 'touchend', 'touchmove', 'keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'submit', 'dragstart', 'drop', 'paste'];
  for (const type of PRESSES) window.addEventListener(type, caught, { capture: true, passive: false });
  window.addEventListener('mouseover', (event) => { if (on && event.isTrusted) mark(event.composedPath()[0]); }, { capture: true, passive: true });
  const point = Object.freeze({
    start: () => { if (!on) { on = true; path = null; } },
    stop: () => { on = false; path = null; unmark(); },
    isOn: () => on,
    // The place, among these elements, of the innermost one that was pointed at; -1 for none of them, null for nothing yet.
    at: (elements) => {
      if (!path) return null;
      for (const node of path) { const place = elements.indexOf(node); if (place >= 0) return place; }
      return -1;
    },
  });
  Object.defineProperty(window, key, { value: point });
})();

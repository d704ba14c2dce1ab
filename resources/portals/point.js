// Outlines the control that the person is to press, and tells the program of their presses. Presses nothing, and changes
// nothing of the page: the outline lies above it. Runs in every frame before the page's own scripts.
(() => {
  const key = Symbol.for('ondemand-sync.point');
  if (window[key]) return;
  const tell = window.__ondemandSyncPressed;
  try { delete window.__ondemandSyncPressed; } catch { /* the page cannot be told to forget it */ }
  const AGAIN = 1500; // milliseconds in which a second press of the same control is taken for the first one's echo
  let now = null;

  const draw = (element) => {
    const host = document.createElement('div');
    host.setAttribute('aria-hidden', 'true');
    host.style.cssText = 'all:initial;position:fixed;left:0;top:0;width:0;height:0;z-index:2147483647;pointer-events:none';
    const line = document.createElement('div');
    line.style.cssText = 'position:fixed;pointer-events:none;box-sizing:border-box;border:4px solid #b3261e;border-radius:8px;box-shadow:0 0 0 3px #fff, 0 0 14px 4px #b3261e';
    host.attachShadow({ mode: 'closed' }).append(line);
    document.documentElement.append(host);
    const follow = () => {
      const box = element.getBoundingClientRect();
      const at = `${box.left - 7}px,${box.top - 7}px,${box.width + 14}px,${box.height + 14}px`;
      if (line.dataset.at === at) return;
      line.dataset.at = at;
      [line.style.left, line.style.top, line.style.width, line.style.height] = at.split(',');
    };
    element.scrollIntoView({ block: 'center', inline: 'nearest' });
    follow();
    const timer = setInterval(follow, 150);
    return () => { clearInterval(timer); host.remove(); };
  };

  const tidy = (text) => text.replace(/\s+/gu, ' ').trim();
  // A radio button is the one that must be on; a list of the page's own shows what was chosen.
  const chosen = (choice, value) => {
    if (choice.localName === 'input' && choice.type === 'radio') return choice.checked;
    if (choice.getAttribute('role') === 'radio' || choice.getAttribute('role') === 'option') return (choice.getAttribute('aria-checked') || choice.getAttribute('aria-selected')) === 'true';
    return choice.localName === 'select' ? choice.value === value : tidy(choice.textContent) === tidy(value);
  };

  const forget = (what) => {
    what.take?.();
    // The second half of a double press must not reach the page either.
    const left = what.pressed ? Math.max(0, what.pressed + AGAIN - performance.now()) : 0;
    setTimeout(() => removeEventListener('click', what.hear, true), left);
  };

  // point(token): hear every press; point(token, element, choice, value): outline it, and see that the choice holds the
  // value when it is pressed; point(): no more.
  const point = (token, element, choice, value) => {
    if (!token) { if (now) forget(now); now = null; return true; }
    if (now && now.token !== token) { forget(now); now = null; }
    if (!now) {
      const mine = now = { token, element: null, pressed: 0, choice: null, value: '' };
      mine.hear = (event) => {
        if (!event.isTrusted) return;
        const it = mine.element !== null && event.composedPath().includes(mine.element);
        if (it && mine.pressed && performance.now() - mine.pressed < AGAIN) {
          event.preventDefault();
          event.stopImmediatePropagation();
          return;
        }
        if (it) mine.pressed = performance.now();
        const holds = !mine.choice || chosen(mine.choice, mine.value);
        try { tell?.(token, it, holds); } catch { /* the program went away */ }
      };
      addEventListener('click', mine.hear, true);
    }
    if (element === undefined) return true;
    if (now.element !== element) {
      now.take?.();
      now.element = element;
      now.take = element ? draw(element) : null;
    }
    now.choice = choice || null;
    now.value = value || '';
    return true;
  };
  Object.defineProperty(window, key, { value: point });
})();

// What a person sees on one frame of a page: its controls, what it says, and nothing hidden. Presses and changes nothing.
// Called with {of: element} it returns the sections an element stands in (for the element of a frame).
(arg) => {
  const LIMIT_TEXT = 300, LIMIT_CONTROLS = 3000, LIMIT_SAYINGS = 400, LIMIT_ROWS = 40;

  const parentOf = (node) => {
    if (node.assignedSlot) return node.assignedSlot;
    if (node.parentElement) return node.parentElement;
    const root = node.getRootNode();
    return root instanceof ShadowRoot ? root.host : null;
  };
  const childrenOf = (element) => {
    if (element.shadowRoot) return [...element.shadowRoot.childNodes];
    if (element.localName === 'slot') {
      const given = element.assignedNodes();
      if (given.length) return given;
    }
    return [...element.childNodes];
  };
  const seen = new Map();
  const isVisible = (element) => {
    if (seen.has(element)) return seen.get(element);
    let result = true;
    if (element.getAttribute('aria-hidden') === 'true' || element.hasAttribute('inert')) result = false;
    else if (element.localName !== 'slot') {
      const style = getComputedStyle(element);
      if (style.display === 'none') result = false;
      else if (style.opacity === '0' || (style.contentVisibility === 'hidden')) result = false;
    }
    if (result) {
      const parent = parentOf(element);
      if (parent && !isVisible(parent)) result = false;
      if (parent && parent.localName === 'details' && !parent.open && element.localName !== 'summary') result = false;
    }
    seen.set(element, result);
    return result;
  };
  const isShown = (element) => {
    if (!isVisible(element)) return false;
    const style = getComputedStyle(element);
    if (style.visibility !== 'visible') return false;
    if (style.display === 'contents') return true;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) return false;
    const right = box.right + scrollX, bottom = box.bottom + scrollY;
    return right > 0 && bottom > 0 && box.left < Math.max(document.documentElement.scrollWidth, innerWidth) + 1;
  };
  const SILENT = new Set(['script', 'style', 'template', 'noscript', 'svg', 'select', 'datalist', 'textarea', 'iframe', 'head']);
  const textOf = (node, depth = 0) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || depth > 40) return '';
    if (node.localName === 'img') return isVisible(node) ? ' ' + (node.getAttribute('alt') || '') + ' ' : '';
    if (node.localName === 'br') return ' ';
    if (SILENT.has(node.localName)) return '';
    if (node.localName !== 'slot' && !isVisible(node)) return '';
    const style = node.localName === 'slot' ? null : getComputedStyle(node);
    if (style && style.visibility !== 'visible') return '';
    const parts = childrenOf(node).map((child) => textOf(child, depth + 1)).join('');
    return !style || style.display.startsWith('inline') || style.display === 'contents' ? parts : ' ' + parts + ' ';
  };
  const tidy = (text) => text.replace(/\s+/gu, ' ').trim().slice(0, LIMIT_TEXT);

  const roleOf = (element) => {
    const given = (element.getAttribute('role') || '').trim().split(/\s+/)[0].toLowerCase();
    if (given && given !== 'presentation' && given !== 'none') return given;
    switch (element.localName) {
      case 'button': case 'summary': return 'button';
      case 'a': case 'area': return element.hasAttribute('href') ? 'link' : '';
      case 'select': return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
      case 'textarea': return 'textbox';
      case 'option': return 'option';
      case 'dialog': return 'dialog';
      case 'nav': return 'navigation';
      case 'main': return 'main';
      case 'aside': return 'complementary';
      case 'fieldset': return 'group';
      case 'table': return 'table';
      case 'tr': return 'row';
      case 'progress': return 'progressbar';
      case 'output': return 'status';
      case 'li': return 'listitem';
      case 'h1': case 'h2': case 'h3': case 'h4': case 'h5': case 'h6': return 'heading';
      case 'section': case 'form': case 'article': return 'region';
      case 'input':
        switch (element.type) {
          case 'button': case 'submit': case 'image': case 'reset': return 'button';
          case 'checkbox': return 'checkbox';
          case 'radio': return 'radio';
          case 'password': return 'password';
          case 'hidden': return '';
          case 'text': case 'email': case 'tel': case 'url': case 'search': case 'number':
            return element.hasAttribute('list') ? 'combobox' : 'textbox';
          default: return 'input';
        }
      default: return '';
    }
  };
  const byIds = (element, attribute) => (element.getAttribute(attribute) || '').split(/\s+/).filter(Boolean)
    .map((id) => { const found = element.getRootNode().getElementById?.(id); return found ? tidy(textOf(found)) || tidy(found.textContent) : ''; })
    .filter(Boolean).join(' ');
  const FIELDS = new Set(['textbox', 'searchbox', 'password', 'combobox', 'listbox', 'checkbox', 'radio', 'spinbutton', 'input', 'switch', 'radiogroup']);
  // Text without the controls in it: a label that wraps its field.
  const labelText = (label) => {
    const inner = [...label.querySelectorAll('input,select,textarea,button')];
    let text = textOf(label);
    for (const control of inner) { const own = textOf(control); if (own.trim()) text = text.replace(own, ' '); }
    return tidy(text);
  };
  const namesOf = (element, role) => {
    const names = [];
    const add = (text) => { const t = tidy(text || ''); if (t && !names.includes(t)) names.push(t); };
    add(byIds(element, 'aria-labelledby'));
    add(element.getAttribute('aria-label'));
    if (element.labels) for (const label of element.labels) add(labelText(label));
    if (element.localName === 'input' && ['submit', 'button', 'reset'].includes(element.type)) add(element.value || element.type);
    if (element.localName === 'input' && element.type === 'image') add(element.alt);
    if (element.localName === 'fieldset') { const legend = element.querySelector(':scope > legend'); if (legend) add(textOf(legend)); }
    if (!FIELDS.has(role) || (role === 'combobox' && element.localName === 'button')) add(textOf(element));
    if ((role === 'radio' || role === 'checkbox' || role === 'switch') && element.localName !== 'input') add(textOf(element));
    add(element.getAttribute('title'));
    add(element.getAttribute('placeholder'));
    return names;
  };
  // The text just before a field that nothing else names (or, for a radio or check box, just behind it).
  const nearOf = (element, role) => {
    const behind = role === 'radio' || role === 'checkbox';
    let node = element;
    for (let level = 0; level < 3 && node; level++) {
      for (let other = behind ? node.nextSibling : node.previousSibling; other; other = behind ? other.nextSibling : other.previousSibling) {
        if (other.nodeType === Node.ELEMENT_NODE && (FIELDS.has(roleOf(other)) || other.querySelector?.('input,select,textarea,button'))) break;
        const text = tidy(textOf(other));
        if (text) return text.length <= 80 ? text : '';
      }
      node = parentOf(node);
      if (!node || node === document.body) break;
    }
    return '';
  };

  const nameOf = (holder) => {
    const legend = holder.localName === 'fieldset' ? holder.querySelector(':scope > legend') : null;
    return byIds(holder, 'aria-labelledby') || tidy(holder.getAttribute('aria-label') || '') || (legend ? tidy(textOf(legend)) : '');
  };
  // What a radio button or an option is one of, and what that is called: by its own name, or by the text before it.
  const groups = new Map();
  const groupOf = (element, role) => {
    if (role === 'option' || role === 'menuitemradio') {
      const list = element.closest('[role=listbox],[role=menu],select');
      if (!list) return ['', ''];
      if (!groups.has(list)) groups.set(list, [list.id || list.getAttribute('name') || 'list', nameOf(list) || (list.labels?.length ? labelText(list.labels[0]) : '') || nearOf(list, 'listbox')]);
      return groups.get(list);
    }
    const own = element.localName === 'input' ? element.name : '';
    const key = own ? 'radios:' + own + ':' + (element.form ? [...document.forms].indexOf(element.form) : '') : element.closest('[role=radiogroup]');
    if (!key) return ['', ''];
    if (groups.has(key)) return groups.get(key);
    let holder = key, fellows = [element];
    if (own) {
      fellows = [...element.getRootNode().querySelectorAll('input[type=radio]')].filter((one) => one.name === own && one.form === element.form);
      holder = element.parentElement;
      while (holder?.parentElement && !fellows.every((one) => holder.contains(one))) holder = holder.parentElement;
      const named = holder?.closest('[role=radiogroup],fieldset');
      if (named && [...named.querySelectorAll('input[type=radio]')].every((one) => fellows.includes(one))) holder = named;
    }
    let called = holder ? nameOf(holder) : '';
    if (holder && !called) {
      let first = fellows[0];
      while (first.parentElement && first.parentElement !== holder && first !== holder) first = first.parentElement;
      const before = [];
      for (let other = first.previousSibling; other; other = other.previousSibling) before.unshift(textOf(other));
      called = own && tidy(before.join(' ')) || nearOf(holder, 'radiogroup');
    }
    groups.set(key, [own || holder?.id || 'group', called.length <= 80 ? called : '']);
    return groups.get(key);
  };

  const above = new Map();
  const overOf = (element) => {
    if (above.has(element)) return above.get(element);
    const role = roleOf(element), parent = parentOf(element);
    let told = '';
    if (role === 'dialog' || role === 'alertdialog' || (element.localName !== 'slot' && getComputedStyle(element).position === 'fixed')) {
      const heading = element.querySelector('h1,h2,h3,h4,h5,h6,[role=heading]');
      told = nameOf(element) || (heading && tidy(textOf(heading))) || tidy(textOf(element)) || '…';
    } else if (parent) told = overOf(parent);
    above.set(element, told);
    return told;
  };

  const SECTIONS = new Set(['region', 'dialog', 'alertdialog', 'navigation', 'complementary', 'main', 'form', 'tabpanel', 'group', 'radiogroup', 'menu', 'toolbar', 'table', 'list', 'tree', 'tablist', 'banner']);
  const headingIn = (node) => {
    if (node.nodeType !== Node.ELEMENT_NODE || !isVisible(node)) return '';
    if (roleOf(node) === 'heading') return tidy(textOf(node));
    const role = roleOf(node);
    if (SECTIONS.has(role) && role !== 'banner' && node.localName !== 'header') return '';
    const inner = node.querySelector('h1,h2,h3,h4,h5,h6,[role=heading]');
    if (!inner || !isVisible(inner)) return '';
    for (let up = parentOf(inner); up && up !== node; up = parentOf(up)) if (SECTIONS.has(roleOf(up)) && up.localName !== 'header') return '';
    return tidy(textOf(inner));
  };
  const headings = new Map();
  const headingOf = (node) => {
    if (!headings.has(node)) headings.set(node, headingIn(node));
    return headings.get(node);
  };
  const before = new Map();
  // The nearest heading among the siblings before a node; remembered, so that long lists are walked once.
  const headingBefore = (node) => {
    const walked = [];
    let found = '', at = node;
    while (at) {
      if (before.has(at)) { found = before.get(at); break; }
      walked.push(at);
      at = at.previousSibling;
      if (at) { found = headingOf(at); if (found) break; }
    }
    for (const one of walked) before.set(one, found);
    return found;
  };
  const sectionsOf = (element) => {
    const sections = [];
    const add = (text) => { const t = tidy(text || ''); if (t && t.length <= 120 && sections[sections.length - 1] !== t) sections.push(t); };
    let node = element;
    while (node) {
      add(headingBefore(node));
      const parent = parentOf(node);
      if (!parent) break;
      if (SECTIONS.has(roleOf(parent))) {
        add(parent.getAttribute('aria-label') || byIds(parent, 'aria-labelledby'));
        if (parent.localName === 'fieldset') { const legend = parent.querySelector(':scope > legend'); if (legend) add(textOf(legend)); }
      }
      node = parent;
    }
    return sections;
  };
  if (arg && arg.of) return sectionsOf(arg.of);

  const CONTROLS = new Set(['button', 'link', 'tab', 'menuitem', 'menuitemradio', 'menuitemcheckbox', 'checkbox', 'radio', 'switch', 'combobox', 'listbox', 'option', 'textbox', 'searchbox', 'password', 'spinbutton', 'treeitem', 'radiogroup', 'input']);
  const controls = [], elements = [], sayings = [], spoken = [], selected = [];
  let busy = false, progress = null, placeholders = 0, truncated = false;
  const rows = new Map();

  const isOff = (element) => {
    for (let node = element; node; node = parentOf(node)) if (node.getAttribute('aria-disabled') === 'true') return true;
    try { return element.matches(':disabled'); } catch { return false; }
  };
  const say = (element, place, text, acts = false) => {
    const t = tidy(text);
    if (!t) return;
    if (sayings.length >= LIMIT_SAYINGS) { truncated = true; return; }
    sayings.push({ text: t, place, within: sectionsOf(element), acts });
    spoken.push(element);
  };
  const LIVE = new Set(['status', 'alert', 'log', 'alertdialog']);

  const visit = (element, live) => {
    if (SILENT.has(element.localName) && element.localName !== 'select' && element.localName !== 'textarea') return;
    if (element.localName !== 'slot' && !isVisible(element)) return;
    const role = roleOf(element);
    if (element.getAttribute('aria-busy') === 'true') { busy = true; if (!tidy(textOf(element))) placeholders++; }
    if (role === 'tab' && element.getAttribute('aria-selected') === 'true' && isShown(element)) selected.push(namesOf(element, role)[0] || '');
    const current = element.getAttribute('aria-current');
    if (current && current !== 'false' && isShown(element)) selected.push(namesOf(element, role)[0] || tidy(textOf(element)));
    if (role === 'progressbar') {
      const now = Number(element.getAttribute('aria-valuenow') ?? element.value), most = Number(element.getAttribute('aria-valuemax') ?? element.max ?? 100);
      if (Number.isFinite(now) && most > 0 && element.position !== -1) progress = Math.min(1, Math.max(0, now / most));
    }
    if (CONTROLS.has(role) && isShown(element)) {
      if (controls.length < LIMIT_CONTROLS) {
        const one = { role, names: namesOf(element, role), near: '', enabled: !isOff(element), within: sectionsOf(element), id: element.id || '', busy: element.getAttribute('aria-busy') === 'true', on: null, value: '', options: [], popup: element.getAttribute('aria-haspopup') || '', open: element.getAttribute('aria-expanded') === 'true', group: '', key: '', of: '', opens: element.getAttribute('aria-controls') || element.getAttribute('aria-owns') || '', over: overOf(element) };
        if (FIELDS.has(role)) one.near = nearOf(element, role);
        if (role === 'radio' || role === 'checkbox' || role === 'switch' || role === 'menuitemradio') one.on = element.checked ?? element.getAttribute('aria-checked') === 'true';
        if (role === 'option') one.on = element.selected ?? element.getAttribute('aria-selected') === 'true';
        if (role === 'radio' || role === 'option' || role === 'menuitemradio') {
          [one.group, one.of] = groupOf(element, role);
          const given = element.getAttribute('value') ?? element.getAttribute('data-value');
          one.key = given ?? (one.names[0] || one.near);
        }
        if (element.localName === 'select') {
          one.options = [...element.options].map((option) => ({ value: option.value, text: tidy(option.textContent), enabled: !option.disabled }));
          one.value = element.selectedOptions.length ? tidy(element.selectedOptions[0].textContent) : '';
          one.key = element.value;
        } else if (role === 'combobox' && element.localName !== 'input') {
          one.value = tidy(textOf(element));
          one.key = element.getAttribute('data-value') || '';
        }
        controls.push(one); elements.push(element);
      } else truncated = true;
      const holds = ['listbox', 'radiogroup', 'combobox'].includes(role) && !['select', 'input', 'button'].includes(element.localName);
      if (role === 'button' || role === 'link' || role === 'tab' || role.startsWith('menuitem') || FIELDS.has(role) && !holds) return;
    }
    if (role === 'row') {
      const table = element.closest('table,[role=table],[role=grid]') || document.body;
      const count = (rows.get(table) || 0) + 1;
      rows.set(table, count);
      if (count > LIMIT_ROWS) { truncated = true; return; }
      if (isShown(element)) say(element, live || 'row', [...element.children].map((cell) => tidy(textOf(cell))).filter(Boolean).join(' · '), element.querySelector('button,a[href],input,select,[role=button],[role=menuitem]') !== null);
      for (const child of childrenOf(element)) if (child.nodeType === Node.ELEMENT_NODE) visitControls(child);
      return;
    }
    if (LIVE.has(role) || element.getAttribute('aria-live') === 'polite' || element.getAttribute('aria-live') === 'assertive') live = 'live';
    const kids = childrenOf(element);
    const hasText = kids.some((kid) => kid.nodeType === Node.TEXT_NODE && kid.data.trim());
    const style = element.localName === 'slot' ? null : getComputedStyle(element);
    const blocky = !style || !(style.display.startsWith('inline') && !style.display.includes('block') && !style.display.includes('flex'));
    const flat = !kids.some((kid) => kid.nodeType === Node.ELEMENT_NODE && (kid.shadowRoot || kid.localName.includes('-') || kid.localName === 'iframe' || !['inline', 'contents', 'none'].includes(getComputedStyle(kid).display) || kid.querySelector('button,a,input,select,textarea,table,iframe,[role]') || CONTROLS.has(roleOf(kid)) || LIVE.has(roleOf(kid))));
    if (role === 'heading' || role === 'label') {
      // A heading names a section; it tells nothing of a sync.
    } else if (element.localName === 'label' || element.localName === 'legend') {
      // What a field is called.
    } else if ((hasText || blocky) && flat && element.localName !== 'slot') {
      if (isShown(element)) say(element, live || 'text', textOf(element));
      return;
    } else if (hasText && isShown(element)) {
      say(element, live || 'text', kids.filter((kid) => kid.nodeType === Node.TEXT_NODE).map((kid) => kid.data).join(' '));
    }
    for (const kid of kids) if (kid.nodeType === Node.ELEMENT_NODE) visit(kid, live);
  };
  // Inside a row only the controls are of interest: its cells were read as one line.
  const visitControls = (element) => {
    const count = sayings.length;
    visit(element, '');
    sayings.length = spoken.length = count;
  };
  if (document.body) visit(document.body, '');
  const tables = [...rows.values()].reduce((sum, count) => sum + count, 0);
  return { elements, spoken, read: { origin: self.origin, title: tidy(document.title), controls, sayings, selected: selected.filter(Boolean), busy, progress, placeholders, truncated, rows: tables, ready: document.readyState, changes: window[Symbol.for('ondemand-sync.changes')] || 0 } };
}

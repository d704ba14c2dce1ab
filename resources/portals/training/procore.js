// Links and elements with the role of a button send the form they stand in, as a button would.
for (const one of document.querySelectorAll('[data-submit]')) {
  const act = (event) => { event.preventDefault(); if (one.getAttribute('aria-disabled') !== 'true') one.closest('form').requestSubmit(); };
  one.addEventListener('click', act);
  one.addEventListener('keydown', (event) => { if (event.key === 'Enter' || event.key === ' ') act(event); });
}


// Procore's pages are made on the server: a toast goes by, and nothing else moves.
mount((root) => {
  const toast = root.querySelector('.toast');
  if (toast) setTimeout(() => toast.remove(), Number(toast.dataset.stays));
});

/**
 * Opens a dialog over everything, and gives the focus back where it was when the dialog goes.
 * @param first takes the focus; without it the dialog's own first control does.
 */
export function openModal(dialog: HTMLDialogElement, first?: HTMLElement | null): () => void {
  const before = document.activeElement;
  dialog.showModal();
  first?.focus();
  return () => {
    dialog.close();
    // The dialog may have left the document already; then the browser gives nothing back.
    if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
  };
}

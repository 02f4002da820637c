import type { Attachment } from 'svelte/attachments';

/** Files of a paste or a drop; none if it carries text, which pastes as text. */
export function filesOf(transfer: DataTransfer | null): readonly File[] {
  return [...(transfer?.files ?? [])];
}

/** Takes files that are dropped anywhere on an area; the marked element shows that they would be. */
export function dropTarget(areaSelector: string, take: (files: readonly File[]) => void): Attachment<HTMLElement> {
  return (marked) => {
    const area = marked.closest<HTMLElement>(areaSelector) ?? marked;
    const listening = new AbortController();
    const { signal } = listening;
    const mark = (isOver: boolean): void => void marked.classList.toggle('dropping', isOver);
    area.addEventListener(
      'dragover',
      (event) => {
        if (event.dataTransfer?.types.includes('Files') !== true) return;
        event.preventDefault();
        mark(true);
      },
      { signal },
    );
    area.addEventListener('dragleave', () => mark(false), { signal });
    area.addEventListener(
      'drop',
      (event) => {
        const files = filesOf(event.dataTransfer);
        mark(false);
        if (files.length === 0) return;
        event.preventDefault();
        take(files);
      },
      { signal },
    );
    return () => listening.abort();
  };
}

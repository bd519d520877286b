/** Hands the browser a text to save as a file. */
export function saveText(filename: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  followDownload(url, filename);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Starts a download as a click on a link would; without a name the server's is taken. */
export function followDownload(url: string, filename = ''): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  document.body.append(link);
  link.click();
  link.remove();
}

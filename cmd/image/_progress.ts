/** How far a pull is: bars that move on a terminal, one line for each thing elsewhere. */

import type { BlobProgress, PullEvent } from "../../lib/engine/mod.ts";
import { humanSize } from "../format/human.ts";
import type { Output } from "../io.ts";

export type Progress = { readonly show: (event: PullEvent) => void; readonly end: () => void };

/** Shows a pull on `output`. */
export function pullProgress(output: Output, { quiet }: { readonly quiet: boolean }): Progress {
  if (quiet) return { show: () => {}, end: () => {} };
  return output.isTerminal() ? bars(output) : lines(output);
}

function lines(output: Output): Progress {
  const seen = new Set<string>();
  return {
    show: ({ stream, progress }) => {
      if (stream !== undefined && stream !== "") {
        output.write(ended(stream));
      } else if (progress !== undefined && !seen.has(progress.digest)) {
        output.write(`Copying ${progress.what} ${progress.digest}\n`);
      }
      if (progress !== undefined) seen.add(progress.digest);
    },
    end: () => {},
  };
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

function bars(output: Output): Progress {
  const blobs = new Map<string, string>();
  let drawn = 0;
  const erase = () => (drawn === 0 ? "" : `\x1b[${drawn}A\x1b[J`);
  const draw = (before: string) => {
    output.write(erase() + before + [...blobs.values()].join(""));
    drawn = blobs.size;
  };
  return {
    show: ({ stream, progress }) => {
      if (progress === undefined) return draw(stream === undefined || stream === "" ? "" : ended(stream));
      const text = bar(progress);
      if (blobs.get(progress.digest) === text) return;
      blobs.set(progress.digest, text);
      draw("");
    },
    end: () => {},
  };
}

const width = 40;

function bar({ digest, what, current, total, state }: BlobProgress): string {
  const name = `Copying ${what} ${digest.replace(/^sha256:/, "").slice(0, 12)}`;
  if (state === "present") return `${name} skipped: already exists\n`;
  if (state === "done") return `${name} done\n`;
  if (total <= 0) return `${name} ${humanSize(current)}\n`;
  const filled = Math.min(width, Math.floor((current / total) * width));
  const line = "=".repeat(filled) + (filled < width ? ">" : "");
  return `${name} [${line.padEnd(width)}] ${humanSize(current)} / ${humanSize(total)}\n`;
}

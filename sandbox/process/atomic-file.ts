import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes a file whole or not at all, readable by its owner only by default. Its folder is made if it is missing. */
export function writeFileAtomic(file: string, content: string | Buffer, mode = 0o600): void {
    mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.tmp`;
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, file);
}

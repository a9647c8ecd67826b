import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Layout } from "./layout.ts";

/**
 * Puts the small `aws` first on the sandbox's PATH: kubeconfigs call it for every token, and it can
 * reach nothing but the twin, whatever AWS CLI and profiles this machine has.
 */
export async function writeShims(layout: Layout): Promise<void> {
    await mkdir(layout.bin, { recursive: true });
    const script = path.join(layout.repo, "sandbox", "bin-shims", "aws.mjs");
    const quoted = [process.execPath, script].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    await writeFile(path.join(layout.bin, "aws"), `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
}

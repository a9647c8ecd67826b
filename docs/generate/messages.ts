import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { codes } from "./codes.ts";
import { cell, code, table } from "./markdown.ts";

const repo = path.resolve(import.meta.dirname, "../..");

/** `docs/reference/messages.md`: every code of a refusal. */
export function messagesPage(): string {
    const used = codesInSources();
    const rows = Object.entries(codes)
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([name, meaning]) => [code(name), cell(meaning), (used.get(name) ?? []).map(code).join(", ")]);
    return [
        "# Messages",
        "",
        "Every code with which a configuration, or another stack's outputs, are refused. Generated from `docs/generate/codes.ts`",
        "and the sources by `npm run docs`. A message has the form `CODE key: problem (got …; allowed …). Fix: …`; all problems",
        "of a stack come in one message, before its first resource. What each key takes is in [configuration.md](configuration.md).",
        "",
        ...table(["code", "meaning", "raised in"], rows),
        "",
    ].join("\n");
}

/** Codes in the program's sources, with the files that use them. */
export function codesInSources(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const file of ["config", "components", "contract"].flatMap(typescriptFiles)) {
        // A code begins a string or a template, or is the `code` of a problem.
        for (const [, name = ""] of readFileSync(path.join(repo, file), "utf8").matchAll(
            /["`](E-[A-Z0-9]+-\d{3})\b/g,
        )) {
            found.set(name, [...new Set([...(found.get(name) ?? []), file])]);
        }
    }
    return found;
}

function typescriptFiles(folder: string): string[] {
    return readdirSync(path.join(repo, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => `${folder}/${file.split(path.sep).join("/")}`)
        .toSorted();
}

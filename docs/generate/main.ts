/** `npm run docs`: writes what is generated from the sources; with --check, says what is not as it would be written. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";

import { generatedFiles } from "./files.ts";

const { check } = new Command("npm run docs --")
    .description("Writes docs/reference/ and config/stack.schema.json from config/, contract/ and components/.")
    .option("--check", "write nothing; fail if a file is not as it would be written")
    .allowExcessArguments(false)
    .parse()
    .opts<{ check?: true }>();

const repo = path.resolve(import.meta.dirname, "../..");
for (const [name, content] of Object.entries(generatedFiles())) {
    const file = path.join(repo, name);
    if (check === undefined) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, content);
    } else if (readFileSync(file, "utf8") !== content) {
        process.stderr.write(`${name} is not what the sources say. Fix: npm run docs\n`);
        process.exitCode = 1;
    }
}

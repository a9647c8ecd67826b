/** `npm run docs:policies`: writes docs/policies. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import { levelsOf } from "./levels.ts";
import { policyPages } from "./pages.ts";
import { rules } from "./rules.ts";

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`./config/${file}`, import.meta.url), "utf8"));
const folder = new URL("../docs/policies/", import.meta.url);
for (const file of readdirSync(folder)) {
    rmSync(new URL(file, folder));
}
for (const [file, text] of Object.entries(policyPages(rules, levelsOf(read, rules)))) {
    writeFileSync(new URL(file, folder), text);
}

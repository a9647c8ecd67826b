import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** The one YAML document in a file, as Helm reads it: YAML 1.1. */
export async function readYaml(file: string): Promise<unknown> {
    return parse(await readFile(file, "utf8"), { version: "1.1" });
}

import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** The one YAML document in a file. */
export async function readYaml(file: string): Promise<unknown> {
    return parse(await readFile(file, "utf8"));
}

import { readFileSync } from "node:fs";

const MANIFEST = new URL("../../package.json", import.meta.url);

/** Version of a provider plugin: the pinned one of its npm package, which its SDK asks the engine for. */
export function pluginVersion(name: string): string {
    const { dependencies } = JSON.parse(readFileSync(MANIFEST, "utf8")) as { dependencies: Record<string, string> };
    const version = dependencies[`@pulumi/${name}`];
    if (version === undefined) {
        throw new Error(`package.json has no dependency @pulumi/${name}, so the version of its plugin is not known`);
    }
    return version;
}

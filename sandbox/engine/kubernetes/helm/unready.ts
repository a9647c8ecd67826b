import type { Props } from "../../kit/types.ts";
import type { KubernetesClient } from "../client.ts";
import { Kinds } from "../kinds.ts";
import { describe, namespaceOf, withMetadata } from "../object.ts";
import { blame } from "../readiness/blame.ts";
import { readiness } from "../readiness/state.ts";
import type { StoredRelease } from "./cli.ts";
import { manifestObjects } from "./manifest.ts";

/** Which objects of a release are not ready, and why. helm itself only says that it waited. Never throws. */
export async function unreadyObjects(client: KubernetesClient, release: StoredRelease): Promise<string[]> {
    const kinds = new Kinds(client);
    const found = await Promise.all(
        manifestObjects(release.manifest).map(async (object) => {
            const placed = namespaceOf(object) === "" ? withMetadata(object, { namespace: release.namespace }) : object;
            return explain(client, kinds, placed).catch(() => []);
        }),
    );
    return found.flat();
}

async function explain(client: KubernetesClient, kinds: Kinds, object: Props): Promise<string[]> {
    const live = await client.find(await kinds.path(object));
    if (live === undefined) {
        return [`${describe(object)} is missing`];
    }
    const { ready, message } = readiness(live);
    return ready ? [] : [`${describe(live)} is not ready: ${message}`, ...(await blame(client, live))];
}

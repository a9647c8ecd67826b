import { createHash, randomBytes } from "node:crypto";
import type { Props } from "../kit/types.ts";
import { UNKNOWN } from "../kit/types.ts";
import { ANNOTATION, annotation, asProps, at, nameOf, withMetadata } from "./object.ts";

const SUFFIX_LENGTH = 8;

/** `<logical name of the URN>-<8 hex digits>`: the same for the same seed, so preview and update agree. */
export function autoname(urn: string, randomSeed: Uint8Array): string {
    const logical = urn.slice(urn.lastIndexOf("::") + 2);
    const random = randomSeed.length > 0 ? createHash("sha256").update(randomSeed).digest() : randomBytes(16);
    return `${logical}-${random.toString("hex").slice(0, SUFFIX_LENGTH)}`;
}

/** Names an object that has no name: as before if it was autonamed, else anew, and marks it as autonamed. */
export function withName(inputs: Props, oldInputs: Props, urn: string, randomSeed: Uint8Array): Props {
    const metadata = inputs["metadata"];
    if (metadata === UNKNOWN || at(metadata, "name") === UNKNOWN || nameOf(inputs) !== "") {
        return inputs;
    }
    const wasAutonamed = annotation(oldInputs, ANNOTATION.autonamed) === "true";
    const name = wasAutonamed ? nameOf(oldInputs) : autoname(urn, randomSeed);
    const annotations = at(metadata, "annotations");
    return withMetadata(inputs, {
        name,
        ...(annotations !== UNKNOWN && { annotations: { ...asProps(annotations), [ANNOTATION.autonamed]: "true" } }),
    });
}

import { UNKNOWN, type Props } from "../../engine/kit/types.ts";
import { map, text } from "./field.ts";

const MAX_VALUE = 256;

/** The `tags` input. https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tags = map(
    text({
        check: (value) =>
            value.length > MAX_VALUE
                ? `a tag's value has at most ${MAX_VALUE} characters, got ${value.length}`
                : /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value)
                  ? undefined
                  : `a tag's value takes letters, digits, spaces and _.:/=+-@ only, got "${value}"`,
    }),
);

/** `tagsAll`: the provider's default tags, overruled by the resource's own. */
export function allTags(defaultTags: Readonly<Record<string, string>>, inputs: Props): Props {
    const own = inputs["tags"];
    return { ...defaultTags, ...(typeof own === "object" && own !== null && !Array.isArray(own) ? own : {}) };
}

/** What AWS refuses in the tags of a resource; undefined if nothing. */
export function tagProblem(all: Readonly<Record<string, unknown>>): string | undefined {
    const keys = Object.keys(all);
    const reserved = keys.find((key) => /^aws:/i.test(key));
    if (reserved !== undefined) return `tag key "${reserved}": keys that begin with aws: are reserved for AWS`;
    const bad = keys.find((key) => key === "" || key.length > 128);
    if (bad !== undefined) return `tag key "${bad}" must have 1 to 128 characters`;
    return keys.length > 50 ? `a resource has at most 50 tags, got ${keys.length}` : undefined;
}

/** Known tags only. */
export function knownTags(all: Props): Record<string, string> {
    return Object.fromEntries(
        Object.entries(all).filter(
            (entry): entry is [string, string] => entry[1] !== UNKNOWN && typeof entry[1] === "string",
        ),
    );
}

import type { StackReport } from "./report.ts";

/** Components of one type under the same parent, taken together. */
export interface ComponentGroup {
    /** Type token, for example `fleet:network:Network`; "" for the stack, the root. */
    type: string;
    /** How many components this is. */
    count: number;
    /** What they hold that is no component: by type, in order of first appearance. */
    resources: Map<string, number>;
    groups: ComponentGroup[];
}

/** What a stack would create, nested under its components. */
export function componentTree(creates: StackReport["creates"]): ComponentGroup {
    return groupOf("", 1, [null], creates);
}

function groupOf(
    type: string,
    count: number,
    names: (string | null)[],
    creates: StackReport["creates"],
): ComponentGroup {
    const children = creates.filter(({ parent }) => names.includes(parent));
    const components = new Map<string, string[]>();
    const resources = new Map<string, number>();
    for (const child of children) {
        if (child.kind === "component") {
            components.set(child.type, [...(components.get(child.type) ?? []), child.name]);
        } else {
            resources.set(child.type, (resources.get(child.type) ?? 0) + 1);
        }
    }
    const groups = [...components].map(([childType, members]) => groupOf(childType, members.length, members, creates));
    return { type, count, resources, groups };
}

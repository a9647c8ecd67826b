import assert from "node:assert/strict";

import { mergedValues, readArgocdValues } from "../../../config/argocd-values.ts";

/** What the files merge to, and the problems as they would be shown. */
function merged(...texts: (string | undefined)[]) {
    const { values, problems } = mergedValues(texts.map((text, index) => ({ file: `${index}.yaml`, text })));
    return { values, problems: problems.map(({ code, key, text }) => `${code} ${key}: ${text}`) };
}

describe("config: values of Argo CD", () => {
    it("merges maps key by key and replaces everything else", () => {
        const { values } = merged(
            "a: {kept: 1, changed: 2, deep: {x: 1}}\nlist: [1, 2]\nmap: {a: 1}\nscalar: 1",
            "a: {changed: 3, deep: {z: 2}}\nlist: [3]\nmap: text\nscalar: {b: 1}",
        );
        assert.deepEqual(values, {
            a: { kept: 1, changed: 3, deep: { x: 1, z: 2 } },
            list: [3],
            map: "text",
            scalar: { b: 1 },
        });
    });

    it("reads YAML as Helm does: an unquoted yes is a boolean, a quoted one is text", () => {
        assert.deepEqual(merged('a: yes\nb: "yes"\nc: off').values, { a: true, b: "yes", c: false });
    });

    it("E-ARG-004: a hub without its file", () => {
        assert.deepEqual(merged("{}", undefined).problems, [
            "E-ARG-004 1.yaml: missing. Fix: create it; `{}` when nothing differs.",
        ]);
        assert.deepEqual(
            readArgocdValues("gitops", "nowhere").problems.map(({ key }) => key),
            ["gitops/bootstrap/argocd/hubs/nowhere.yaml"],
        );
    });

    it("E-ARG-004: a file that is no map", () => {
        assert.deepEqual(merged("- a").problems, ['E-ARG-004 0.yaml: Helm values are a map (got ["a"]).']);
    });

    it("E-ARG-004: a null, which Helm and Pulumi's release understand differently", () => {
        assert.deepEqual(merged("a: {b.c: null, d: [{e: ~}]}").problems, [
            "E-ARG-004 0.yaml a.b.c: null. Fix: give the value meant: an empty map, list or string, or false.",
            "E-ARG-004 0.yaml a.d[0].e: null. Fix: give the value meant: an empty map, list or string, or false.",
        ]);
    });

    it("has no problem with the committed hub's", () => {
        assert.deepEqual(readArgocdValues("gitops", "hub-01").problems, []);
    });
});

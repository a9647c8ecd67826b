import assert from "node:assert/strict";

import type { ToolProgress } from "../../sandbox/tools/progress.ts";
import { renderToolProgress } from "../../sandbox/tools/render.ts";

const build: ToolProgress = {
    tool: "etcd",
    version: "3.6.16",
    state: "building",
    elapsedSeconds: 0,
    expectedSeconds: 33,
    laterSeconds: 60,
    position: 2,
    total: 3,
};

function recorder(terminal: { isTTY?: boolean; columns?: number } = {}) {
    const written: string[] = [];
    return { written, stream: { ...terminal, write: (text: string) => written.push(text) } };
}

describe("the progress of tools, without a terminal", () => {
    it("is a line per change of state and one every 30 s", () => {
        const { written, stream } = recorder();
        const { onProgress } = renderToolProgress(stream);
        onProgress({
            ...build,
            tool: "kubectl",
            version: "1.36.3",
            state: "cached",
            position: 1,
            detail: "/c/kubectl",
        });
        for (let elapsedSeconds = 0; elapsedSeconds <= 62; elapsedSeconds += 1) {
            onProgress({ ...build, elapsedSeconds, detail: `${elapsedSeconds} packages compiled` });
        }
        onProgress({ ...build, state: "built", elapsedSeconds: 63, detail: "/c/etcd" });
        assert.deepEqual(written, [
            "[1/3] cached kubectl 1.36.3: /c/kubectl\n",
            "[2/3] building etcd 3.6.16 0 s of about 33 s: 0 packages compiled\n",
            "[2/3] building etcd 3.6.16 30 s of about 33 s: 30 packages compiled\n",
            "[2/3] building etcd 3.6.16 1 min 0 s of about 33 s: 60 packages compiled\n",
            "[2/3] built etcd 3.6.16 in 1 min 3 s: /c/etcd\n",
        ]);
    });
});

describe("the progress of tools, on a terminal", () => {
    it("is a block that is redrawn in place, with lines printed above it", () => {
        const { written, stream } = recorder({ isTTY: true, columns: 60 });
        const display = renderToolProgress(stream);
        display.onProgress({ ...build, tool: "kubectl", version: "1.36.3", state: "found", position: 1 });
        display.onProgress({ ...build, elapsedSeconds: 3, detail: "x".repeat(200) });
        display.print("plan: 12 to create");
        display.onProgress({ ...build, state: "built", elapsedSeconds: 40 });
        display.stop();
        const first = "Tools: 1 of 3 ready, about 1 min 30 s of building left\n  here: kubectl 1.36.3\n";
        assert.deepEqual(written, [
            "plan: 12 to create\n",
            `${first}${`  [2/3] building etcd 3.6.16 3 s of about 33 s: ${"x".repeat(200)}`.slice(0, 59)}\n`,
            "\u001B[3F\u001B[J",
            "Tools: 2 of 3 ready\n  here: kubectl 1.36.3\n  [2/3] built etcd 3.6.16 in 40 s\n",
        ]);
    });
});

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { CredentialStore } from "../../sandbox/aws-twin/endpoints/credential-store.ts";
import { type DecisionEntry, DecisionLog } from "../../sandbox/aws-twin/iam/decision-log.ts";

const SESSION = {
    roleArn: "arn:aws:iam::1:role/r",
    roleId: "AROA1",
    sessionName: "s",
    tags: { a: "b" },
    transitiveTagKeys: [],
};

function decision(principal: string) {
    return { principal, action: "sts:AssumeRole", resource: "r", allowed: false, explanation: `${principal} may not` };
}

describe("the files behind the endpoints", () => {
    let folder = "";
    let now = new Date("2026-11-20T12:00:00Z");
    const clock = (): Date => now;

    beforeEach(async () => {
        folder = await mkdtemp(path.join(tmpdir(), "fleet-iam-"));
        now = new Date("2026-11-20T12:00:00Z");
    });
    afterEach(() => rm(folder, { recursive: true }));

    it("issued credentials survive a restart, in a file that only the owner reads", async () => {
        const file = path.join(folder, "credentials.json");
        const issued = new CredentialStore({ file, clock }).issue(SESSION, 900);
        assert.equal(issued.expiration, "2026-11-20T12:15:00.000Z");
        assert.equal((await stat(file)).mode & 0o777, 0o600);
        assert.deepEqual(new CredentialStore({ file, clock }).find(issued.accessKeyId), issued);
    });

    it("credentials are forgotten an hour after they expire", () => {
        const store = new CredentialStore({ clock });
        const { accessKeyId } = store.issue(SESSION, 900);
        now = new Date("2026-11-20T13:14:59Z");
        store.issue(SESSION, 900);
        assert.ok(store.find(accessKeyId));
        now = new Date("2026-11-20T13:15:01Z");
        store.issue(SESSION, 900);
        assert.equal(store.find(accessKeyId), undefined);
    });

    it("decisions survive a restart, a line cut short by a kill apart", async () => {
        const file = path.join(folder, "decisions.jsonl");
        const log = new DecisionLog({ file, clock });
        log.add(decision("a"));
        log.add(decision("b"));
        const text = await readFile(file, "utf8");
        await writeFile(file, text.slice(0, -5));
        const again = new DecisionLog({ file, clock });
        assert.deepEqual(again.list(), log.list().slice(0, 1));
        assert.equal((await stat(file)).mode & 0o777, 0o600);
    });

    it("decisions take bounded memory and disk, the newest kept", async () => {
        const file = path.join(folder, "decisions.jsonl");
        const log = new DecisionLog({ file, clock, capacity: 3, maxFileBytes: 1000 });
        for (let index = 0; index < 50; index += 1) log.add(decision(`p${index}`));
        assert.deepEqual(
            log.list().map(({ principal }) => principal),
            ["p47", "p48", "p49"],
        );
        assert.ok((await stat(file)).size <= 1000 && (await stat(`${file}.1`)).size <= 1000);
        const lines = (await readFile(file, "utf8")).trim().split("\n");
        const last: DecisionEntry = JSON.parse(lines.at(-1) ?? "");
        assert.equal(last.principal, "p49");
    });
});

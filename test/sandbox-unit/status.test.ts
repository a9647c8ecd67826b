import assert from "node:assert/strict";
import type { ApplicationStatus, FleetStatus } from "../../sandbox/status/collect.ts";
import { readyText, renderTable } from "../../sandbox/status/table.ts";
import { unsettled } from "../../sandbox/status/refresh.ts";
import { missing } from "../../sandbox/status/wait.ts";

function application(change: Partial<ApplicationStatus> = {}): ApplicationStatus {
    return {
        name: "dev-01-podinfo",
        sync: "Synced",
        health: "Healthy",
        revision: "0123456789abcdef0123456789abcdef01234567",
        message: "",
        workloads: [{ kind: "Deployment", namespace: "podinfo", name: "podinfo", ready: 2, desired: 2 }],
        images: ["ghcr.io/stefanprodan/podinfo:6.9.2"],
        ...change,
    };
}

function fleet(apps: ApplicationStatus[], reachable = true): FleetStatus {
    return { clusters: [{ name: "dev-01", kubeconfig: "/k/dev-01", reachable, applications: apps }] };
}

describe("sandbox: what is still missing", () => {
    it("is nothing when every member runs Synced, Healthy and ready Applications", () => {
        assert.deepEqual(missing(fleet([application()]), ["dev-01"]), []);
    });

    it("names a member that is not adopted, one without a cluster, and one that does not answer", () => {
        assert.deepEqual(missing(fleet([]), ["dev-01", "qa-01"]), [
            "dev-01: not adopted yet",
            "qa-01: no such cluster",
        ]);
        assert.deepEqual(missing(fleet([application()], false), ["dev-01"]), [
            "dev-01: its API server does not answer",
        ]);
    });

    it("names an Application that is not Healthy with its first line of why", () => {
        const app = application({ health: "Degraded", message: "pods crash\nand more" });
        assert.deepEqual(missing(fleet([app]), ["dev-01"]), ["dev-01-podinfo Synced/Degraded: pods crash"]);
    });

    it("believes replicas, not only Healthy", () => {
        const workloads = [{ kind: "Deployment", namespace: "podinfo", name: "podinfo", ready: 1, desired: 2 }];
        assert.deepEqual(missing(fleet([application({ workloads })]), ["dev-01"]), [
            "dev-01-podinfo: podinfo 1/2 ready",
        ]);
    });
});

describe("sandbox: what Argo CD is asked to look at again", () => {
    it("is every Application that is not both Synced and Healthy", () => {
        const apps = [
            application(),
            application({ name: "a", health: "Progressing" }),
            application({ name: "b", sync: "OutOfSync" }),
        ];
        assert.deepEqual(unsettled(fleet(apps)), ["a", "b"]);
    });
});

describe("sandbox: the table", () => {
    it("shows cluster, Application, sync, health, ready replicas, short revision and image without its registry", () => {
        const lines = renderTable(fleet([application()]), { color: false, width: 200 }).split("\n");
        assert.match(lines[0] ?? "", /^CLUSTER +APPLICATION +SYNC +HEALTH +READY +REVISION +IMAGE$/);
        assert.match(lines[1] ?? "", /^dev-01 +dev-01-podinfo +Synced +Healthy +2\/2 +0123456 +podinfo:6\.9\.2$/);
    });

    it("fits a narrow terminal by shortening the last column only", () => {
        const long = application({ images: ["registry/a-very-long-image-name-that-never-ends:1.2.3-beta.4"] });
        const [, row = ""] = renderTable(fleet([long]), { color: false, width: 80 }).split("\n");
        assert.ok(row.length <= 80, `${row.length} columns`);
        assert.match(row, /dev-01-podinfo .*…$/);
    });

    it("says which cluster does not answer", () => {
        assert.match(
            renderTable(fleet([], false), { color: false, width: 120 }),
            /dev-01 +\(API server does not answer\)/,
        );
    });

    it("sums replicas over the workloads", () => {
        const workloads = [
            { kind: "Deployment", namespace: "a", name: "a", ready: 1, desired: 2 },
            { kind: "StatefulSet", namespace: "a", name: "b", ready: 1, desired: 1 },
        ];
        assert.equal(readyText(application({ workloads })), "2/3");
        assert.equal(readyText(application({ workloads: [] })), "-");
    });
});

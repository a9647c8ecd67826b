import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { fleetRoleArn, spokeRoleName } from "../../../contract/names.ts";
import { readKubeconfig } from "../../../sandbox/cluster/kubeconfig.ts";
import type { PodInfo } from "../../../sandbox/kubelet/kubelet.ts";
import type { Fleet } from "./fleet.ts";

/**
 * kubectl on a spoke, signed in as Argo CD's application controller does: argocd-k8s-auth with the identity of the
 * controller's own pod. No token is on a command line: the kubeconfig calls argocd-k8s-auth.
 */
export class SpokeSession {
    readonly #folder: string;
    readonly #environment: Record<string, string>;

    private constructor(folder: string, environment: Record<string, string>) {
        this.#folder = folder;
        this.#environment = environment;
    }

    static async of(fleet: Fleet, cluster: string, accountId: string): Promise<SpokeSession> {
        const pods = await fleet.control<PodInfo[]>("pods");
        const pod = pods.find(({ name }) => name === "argocd-application-controller-0");
        assert.ok(pod, "Argo CD's application controller runs");
        const podDir = path.join(fleet.layout.root, "pods", pod.cluster, `${pod.namespace}.${pod.name}`);
        const daemonUrl = `http://127.0.0.1:${(await fleet.daemon()).port}`;
        // What EKS gives the pod, and no way to any other credentials.
        const env = {
            AWS_REGION: "eu-west-1",
            AWS_STS_REGIONAL_ENDPOINTS: "regional",
            AWS_ENDPOINT_URL: daemonUrl,
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `${daemonUrl}/v1/credentials`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path.join(podDir, "pod-identity-token"),
            AWS_EC2_METADATA_DISABLED: "true",
            AWS_CONFIG_FILE: "/dev/null",
            AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        };

        const { server, ca } = readKubeconfig(path.join(fleet.layout.kubeconfigs, cluster));
        const exec = {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: path.join(fleet.layout.root, "pods", "bin", "argocd-k8s-auth"),
            args: ["aws", "--cluster-name", cluster, "--role-arn", fleetRoleArn(accountId, spokeRoleName(cluster))],
            env: Object.entries(env).map(([name, value]) => ({ name, value })),
            interactiveMode: "Never",
        };
        const kubeconfig = {
            apiVersion: "v1",
            kind: "Config",
            clusters: [
                {
                    name: "spoke",
                    cluster: { server, "certificate-authority-data": Buffer.from(ca).toString("base64") },
                },
            ],
            users: [{ name: "spoke", user: { exec } }],
            contexts: [{ name: "spoke", context: { cluster: "spoke", user: "spoke" } }],
            "current-context": "spoke",
        };
        const folder = await mkdtemp(path.join(tmpdir(), "fleet-spoke-session-"));
        const file = path.join(folder, "kubeconfig");
        await writeFile(file, stringify(kubeconfig), { mode: 0o600 });
        const { PATH = "" } = await fleet.environment();
        return new SpokeSession(folder, { PATH, HOME: folder, KUBECONFIG: file });
    }

    /** What kubectl prints; `auth can-i` ends with an error code for "no", which is an answer. */
    async kubectl(...args: string[]): Promise<string> {
        const { stdout, stderr, exitCode } = await execa("kubectl", args, {
            env: this.#environment,
            extendEnv: false,
            reject: false,
        });
        assert.ok(exitCode === 0 || args[1] === "can-i", `kubectl ${args.join(" ")}: ${stderr}`);
        assert.notEqual(stdout, "", stderr);
        return stdout;
    }

    async remove(): Promise<void> {
        await rm(this.#folder, { recursive: true, force: true });
    }
}

import type { Server } from "node:http";
import path from "node:path";
import { execa } from "execa";
import { CredentialStore } from "../aws-twin/endpoints/credential-store.ts";
import { awsEndpoints } from "../aws-twin/endpoints/index.ts";
import type { TokenReviewStatus } from "../aws-twin/endpoints/services.ts";
import { DecisionLog } from "../aws-twin/iam/decision-log.ts";
import { providerRoute } from "../aws-twin/routes.ts";
import { OPERATOR_ROLE_ARN, Twin } from "../aws-twin/twin.ts";
import { ControlPlanes } from "../cluster/control-planes.ts";
import { gitHandler } from "../git/server.ts";
import { Kubelet } from "../kubelet/kubelet.ts";
import { Ports } from "../process/ports.ts";
import { Supervisor } from "../process/supervisor.ts";
import { type Layout, processesFile } from "../stacks/layout.ts";
import { readTools } from "../stacks/tools-file.ts";
import { Announcer } from "./announcer.ts";
import { controlRoutes } from "./control.ts";
import { FleetClusters } from "./fleet-clusters.ts";
import { createRouter, type Route } from "./router.ts";
import { staticHandler } from "./static.ts";
import { vaultProcess } from "./vault.ts";

export interface Secrets {
    /** Opens the control paths, the provider path and the operator's credentials. */
    token: string;
    vaultToken: string;
}

export interface Composition {
    server: Server;
    port: number;
    vaultAddress: string;
    /** Starts what was running when the last daemon ended, and Vault. Call it when the server listens. */
    restore: () => Promise<void>;
}

const AUDIENCE = "pods.eks.amazonaws.com";
const NO_COMMIT = "0".repeat(40);

/** Puts the parts of the sandbox together behind one HTTP server. */
export async function compose(layout: Layout, secrets: Secrets, onShutdown: () => void): Promise<Composition> {
    const clock = () => new Date();
    const tools = await readTools(layout);
    const state = (file: string) => path.join(layout.state, file);
    const ports = new Ports({ file: state("ports.json") });
    const port = await ports.allocate("daemon");
    const vaultPort = await ports.allocate("vault");
    const daemonUrl = `http://127.0.0.1:${port}`;

    const supervisor = new Supervisor({ stateFile: processesFile(layout) });
    const planes = new ControlPlanes({
        dir: path.join(layout.root, "clusters"),
        supervisor,
        tools,
        daemonUrl,
        allocatePort: (name) => ports.allocate(name),
    });
    const kubelet: Kubelet = new Kubelet({
        dir: path.join(layout.root, "pods"),
        supervisor,
        tools,
        daemonUrl,
        ports,
        podIdentity: (key, namespace, serviceAccount) => {
            const handle = planes.handle(key);
            const cluster = handle && twin.cluster(handle.accountId, handle.region, handle.name);
            const has = cluster?.podIdentityAssociations.some(
                (association) => association.namespace === namespace && association.serviceAccount === serviceAccount,
            );
            return has === true ? { region: handle?.region ?? "" } : undefined;
        },
    });
    const clusters = new FleetClusters(planes, kubelet, layout.kubeconfigs);
    const twin: Twin = new Twin({ stateFile: state("twin.json"), clusters, clock });
    const decisions = new DecisionLog({ file: state("decisions.jsonl"), clock });
    const aws = awsEndpoints({
        source: twin,
        credentials: new CredentialStore({ file: state("sessions.json"), clock }),
        decisions,
        clock,
        verifyToken: async (key, token) => {
            const review = await planes
                .client(key)
                .create<{ status: TokenReviewStatus }>("/apis/authentication.k8s.io/v1/tokenreviews", {
                    apiVersion: "authentication.k8s.io/v1",
                    kind: "TokenReview",
                    spec: { token, audiences: [AUDIENCE] },
                });
            return review.status;
        },
        operator: { roleArn: OPERATOR_ROLE_ARN, token: secrets.token },
    });
    const repositoryUrl = `${daemonUrl}/git/${path.basename(layout.gitRepository)}`;
    const announcer = new Announcer(planes, kubelet, repositoryUrl);
    const changedFiles = async (before: string, after: string) => {
        const from = before === NO_COMMIT ? `${after}~1` : before;
        const { stdout } = await execa("git", ["-C", layout.gitRepository, "diff", "--name-only", from, after], {
            reject: false,
        });
        return stdout.split("\n").filter(Boolean);
    };

    const routes: Route[] = [
        ...controlRoutes({
            twin,
            clusters,
            kubelet,
            supervisor,
            decisions,
            announce: async () => {
                const { stdout } = await execa("git", ["-C", layout.gitRepository, "rev-parse", "refs/heads/main"]);
                const after = stdout.trim();
                await announcer.announce({ branch: "main", before: NO_COMMIT, after, files: [] });
            },
            shutdown: async () => {
                const stopped = supervisor.list().filter((process) => process.running).length;
                await clusters.stopAll();
                await supervisor.stopAll();
                setImmediate(onShutdown);
                return { stopped };
            },
        }),
        { prefix: "/healthz", private: false, handler: async () => ({ status: 200, body: layout.root }) },
        { prefix: "/provider/aws", private: true, handler: providerRoute(twin) },
        { prefix: "/v1/credentials", private: false, handler: aws.podIdentity },
        { prefix: "/operator/credentials", private: false, handler: aws.operator },
        { prefix: "/eks/", private: false, handler: aws.eks },
        { prefix: "/charts/", private: false, handler: staticHandler("/charts/", layout.charts) },
        {
            prefix: "/git/",
            private: false,
            handler: gitHandler(path.dirname(layout.gitRepository), (push) => {
                void changedFiles(push.before, push.after)
                    .then((files) => announcer.announce({ ...push, files }))
                    .catch((error: unknown) => console.error(`push of ${push.branch} not announced: ${String(error)}`));
            }),
        },
        { prefix: "/", private: false, handler: aws.api },
    ];
    return {
        server: createRouter(routes, secrets.token),
        port,
        vaultAddress: `http://127.0.0.1:${vaultPort}`,
        restore: async () => {
            await supervisor.ensure(vaultProcess(layout, tools.vault.path, vaultPort, secrets.vaultToken));
            await clusters.restore();
        },
    };
}

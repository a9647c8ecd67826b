import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Supervisor } from "../../sandbox/process/supervisor.ts";
import { Ports } from "../../sandbox/process/ports.ts";
import { KubeClient } from "../../sandbox/cluster/kube-client.ts";
import type { ClusterContext } from "../../sandbox/kubelet/context.ts";
import { containerEnv, expand } from "../../sandbox/kubelet/container-env.ts";
import { hostProcess, type HostProcess } from "../../sandbox/kubelet/host-process.ts";
import { hostImage, runsOnHost } from "../../sandbox/kubelet/images.ts";
import { Objects } from "../../sandbox/kubelet/objects.ts";
import type { Container, Pod } from "../../sandbox/kubelet/pod.ts";
import { ServiceProxy, serviceAddress } from "../../sandbox/kubelet/service-proxy.ts";
import { mountVolumes, writeVolumes } from "../../sandbox/kubelet/volumes.ts";
import { program } from "../../sandbox/kubelet/workload-table.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** ConfigMaps and Secrets as the API serves them, by path. */
class Api extends KubeClient {
    readonly #objects: Record<string, object>;

    constructor(objects: Record<string, object>) {
        super({ server: "https://127.0.0.1:1", ca: "", token: "" });
        this.#objects = objects;
    }

    override find<T>(resource: string): Promise<T | undefined>;
    override find(resource: string): Promise<object | undefined> {
        return Promise.resolve(this.#objects[resource]);
    }
}

const issue = () => Promise.resolve("token");
const base64 = (text: string) => Buffer.from(text).toString("base64");

const api = new Api({
    "/api/v1/namespaces/argocd/configmaps/params": { data: { "redis.server": "argocd-redis:6379", LEVEL: "debug" } },
    "/api/v1/namespaces/argocd/secrets/argocd-redis": { data: { auth: base64("s3cret") } },
});

function pod(container: Partial<Container>, spec: Partial<Pod["spec"]> = {}): { pod: Pod; container: Container } {
    const full: Container = { name: "c", image: "quay.io/argoproj/argocd:v3.5.7", ...container };
    return {
        container: full,
        pod: {
            metadata: { name: "repo-0", namespace: "argocd", uid: "u", labels: { app: "repo" }, resourceVersion: "1" },
            spec: { containers: [full], serviceAccountName: "argocd-repo-server", ...spec },
        },
    };
}

describe("images that run on the host", () => {
    it("are Argo CD, External Secrets and Redis of any registry", () => {
        assert.equal(hostImage("quay.io/argoproj/argocd:v3.5.7"), "argocd");
        assert.equal(
            hostImage("oci.external-secrets.io/external-secrets/external-secrets:v0.20.4"),
            "external-secrets",
        );
        assert.equal(hostImage("public.ecr.aws/docker/library/redis:8.2.3-alpine"), "redis");
        assert.equal(hostImage("valkey/valkey@sha256:00"), "redis");
        assert.equal(hostImage("oliver006/redis_exporter:v1"), undefined);
        assert.equal(hostImage("localhost:5000/nginx:1"), undefined);
    });

    it("are not those whose tag starts with bad", () => {
        assert.equal(hostImage("quay.io/argoproj/argocd:bad-tag"), undefined);
        assert.equal(runsOnHost(["quay.io/argoproj/argocd:v3.5.7", "nginx:bad"]), false);
        assert.equal(runsOnHost(["bad.example.org:443/argoproj/argocd:v1", "nginx:1"]), true);
    });
});

const resolve = (container: Partial<Container>) => {
    const parts = pod(container);
    return containerEnv(parts.pod, parts.container, new Objects(api, "argocd"));
};

const fromSecret = (name: string, key: string) => [{ name: "A", valueFrom: { secretKeyRef: { name, key } } }];

describe("a container's environment", () => {
    it("comes from values, ConfigMaps, Secrets and the Pod's fields, later ones seeing earlier ones", async () => {
        const env = await resolve({
            envFrom: [{ prefix: "P_", configMapRef: { name: "params" } }],
            env: [
                { name: "REDIS", valueFrom: { configMapKeyRef: { name: "params", key: "redis.server" } } },
                { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "argocd-redis", key: "auth" } } },
                { name: "NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
                { name: "APP", valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
                { name: "URL", value: "redis://:$(PASSWORD)@$(REDIS)" },
            ],
        });
        assert.deepEqual(env, {
            "P_redis.server": "argocd-redis:6379",
            P_LEVEL: "debug",
            REDIS: "argocd-redis:6379",
            PASSWORD: "s3cret",
            NAMESPACE: "argocd",
            APP: "repo",
            URL: "redis://:s3cret@argocd-redis:6379",
        });
    });

    it("leaves out what is optional and missing", async () => {
        const valueFrom = { configMapKeyRef: { name: "params", key: "none", optional: true } };
        const other = { secretKeyRef: { name: "none", key: "k", optional: true } };
        assert.deepEqual(
            await resolve({
                env: [
                    { name: "A", valueFrom },
                    { name: "B", valueFrom: other },
                ],
            }),
            {},
        );
    });

    it("is an error, as a kubelet words it, when something is missing", async () => {
        await assert.rejects(resolve({ env: fromSecret("none", "auth") }), { message: 'secret "none" not found' });
        await assert.rejects(resolve({ env: fromSecret("argocd-redis", "none") }), {
            message: "couldn't find key none in secret argocd/argocd-redis",
        });
    });

    it("refuses a source that the sandbox does not know", async () => {
        const env = [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.memory" } } }];
        await assert.rejects(resolve({ env }), /variable A comes from resourceFieldRef, which the sandbox/);
    });

    it("expands $(NAME), keeps unknown names and unescapes $$", () => {
        assert.equal(expand("$(A) $(B) $$(A) $A", { A: "1" }), "1 $(B) $(A) $A");
    });
});

describe("a container as a host process", () => {
    const folder = temporaryFolder();

    const run = async (container: Partial<Container>, spec: Partial<Pod["spec"]> = {}): Promise<HostProcess> => {
        const parts = pod(container, spec);
        const ports = new Ports({ file: path.join(folder(), "ports.json") });
        const proxy = new ServiceProxy({ ports, portPrefix: "service", backends: () => Promise.resolve([]) });
        const tool = { path: "/cache/x", origin: "built" } as const;
        const context: ClusterContext = {
            handle: {
                key: "111111111111.hub-01",
                accountId: "111111111111",
                region: "eu-west-1",
                name: "hub-01",
                endpoint: "https://127.0.0.1:6443",
                caData: "Q0E=",
                issuer: "https://issuer",
                adminKubeconfig: "",
                version: "1.35",
            },
            client: api,
            supervisor: new Supervisor({ stateFile: path.join(folder(), "processes.json") }),
            ports,
            proxy,
            tools: { argocd: tool, "external-secrets": tool, redis: tool, helm: tool, kustomize: tool },
            dir: folder(),
            bin: "/bin-folder",
            daemonUrl: "http://127.0.0.1:4000",
            podIdentity: () => undefined,
        };
        const what = program(parts.container);
        assert.ok(what !== undefined && "workload" in what);
        const podDir = path.join(folder(), "pod");
        mkdirSync(podDir, { recursive: true });
        const objects = new Objects(api, "argocd");
        await writeVolumes(podDir, parts.pod, objects, issue);
        const made = hostProcess({ context, ...parts, podDir, ...what, objects, association: undefined });
        const process = await made.finally(() => proxy.close());
        context.supervisor.close();
        return process;
    };

    it("keeps the Pod's arguments and appends where it listens and whom it calls on this machine", async () => {
        const { spec, ports, health } = await run({
            args: ["/usr/local/bin/argocd-repo-server", "--parallelismlimit=4"],
        });
        const [server, metrics] = [ports.get(8081), ports.get(8084)];
        assert.equal(spec.command, "/bin-folder/argocd-repo-server");
        const redis = spec.args.at(-1);
        assert.match(redis ?? "", /^127\.0\.0\.1:2\d{4}$/);
        assert.deepEqual(spec.args, [
            "--parallelismlimit=4",
            "--address=127.0.0.1",
            "--metrics-address=127.0.0.1",
            "--disable-tls",
            "--client-ca-path=",
            "--port",
            String(server),
            "--metrics-port",
            String(metrics),
            "--redis",
            redis,
        ]);
        assert.deepEqual(health, { port: metrics, path: "/healthz" });
    });

    it("stands for the container port that the Pod's own flag names", async () => {
        const { ports } = await run({ args: ["argocd-server", "--port=9000", "--metrics-port", "9001"] });
        assert.deepEqual([...ports.keys()], [9000, 9001]);
    });

    it("leaves a Redis outside of the cluster where it is", async () => {
        const { spec } = await run({ args: ["argocd-repo-server", "--redis=cache.example.org:6380"] });
        assert.equal(spec.args.includes("--redis=cache.example.org:6380"), true);
        assert.equal(spec.args.includes("--redis"), false);
    });

    it("moves paths of mounts into the pod's folder, and no other path", async () => {
        const container = {
            args: ["argocd-repo-server", "--x=/helm/cache", "/tmp", "/etc/hosts"],
            env: [{ name: "HELM_CACHE_HOME", value: "/helm" }],
            volumeMounts: [
                { name: "helm", mountPath: "/helm" },
                { name: "tmp", mountPath: "/tmp" },
            ],
        };
        const volumes = [
            { name: "helm", emptyDir: {} },
            { name: "tmp", emptyDir: {} },
        ];
        const { spec } = await run(container, { volumes });
        const root = path.join(folder(), "pod", "c");
        assert.deepEqual(spec.args.slice(0, 3), [`--x=${root}/helm/cache`, `${root}/tmp`, "/etc/hosts"]);
        assert.equal(spec.env["HELM_CACHE_HOME"], `${root}/helm`);
        assert.equal(spec.env["ARGOCD_SSH_DATA_PATH"], `${root}/app/config/ssh`);
    });

    it("gives Redis its password by the environment, never by an argument", async () => {
        const { spec } = await run({
            image: "redis:8",
            args: ["--save", "", "--appendonly", "no", "--requirepass $(REDIS_PASSWORD)"],
            env: [{ name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "argocd-redis", key: "auth" } } }],
        });
        assert.deepEqual(spec.args.slice(0, 6), ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]);
        assert.equal(spec.args.join(" ").includes("s3cret"), false);
        assert.equal(spec.env["REDIS_PASSWORD"], "s3cret");
    });

    it("inherits nothing of AWS from the user's shell, and no Pod Identity without an association", async () => {
        process.env["AWS_ACCESS_KEY_ID"] = "AKIAEXAMPLE";
        const { spec } = await run({ args: ["argocd-server"] }).finally(() => delete process.env["AWS_ACCESS_KEY_ID"]);
        assert.deepEqual(
            Object.keys(spec.env)
                .filter((name) => name.startsWith("AWS_"))
                .toSorted(),
            [
                "AWS_CONFIG_FILE",
                "AWS_DEFAULT_REGION",
                "AWS_EC2_METADATA_DISABLED",
                "AWS_ENDPOINT_URL",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                "AWS_ENDPOINT_URL_STS",
                "AWS_REGION",
                "AWS_SECRETSMANAGER_ENDPOINT",
                "AWS_SHARED_CREDENTIALS_FILE",
                "AWS_STS_ENDPOINT",
            ],
        );
        assert.equal(spec.env["AWS_CONFIG_FILE"], "/dev/null");
    });

    it("has a kubeconfig only where the service account's token is mounted", async () => {
        const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
        const without = await run({ args: ["argocd-repo-server"] });
        assert.equal(without.spec.env["KUBECONFIG"], undefined);
        const { spec } = await run({ args: ["argocd-server"], volumeMounts: [{ name: "kube-api", mountPath }] });
        const kubeconfig = readFileSync(spec.env["KUBECONFIG"] ?? "", "utf8");
        assert.match(kubeconfig, /namespace: argocd/);
        assert.match(kubeconfig, /tokenFile: .*serviceaccount\/token/);
    });

    it("refuses leader election of External Secrets, which needs a path that only containers have", async () => {
        const image = "ghcr.io/external-secrets/external-secrets:v0.20.4";
        await assert.rejects(run({ image, args: ["--enable-leader-election=true"] }), /run one replica/);
    });
});

const programOf = (container: Partial<Container>) => program(pod(container).container);

describe("a container's program", () => {
    it("is skipped when it only copies binaries", () => {
        const copy = programOf({
            command: ["sh", "-c"],
            args: ["/bin/cp /usr/local/bin/argocd /var/run/argocd/argocd"],
        });
        assert.deepEqual(copy, { skip: "it only copies argocd's binary, which on a host is there already" });
    });

    it("is nothing for other images and an error for unknown programs of known ones", () => {
        assert.equal(programOf({ image: "nginx:1" }), undefined);
        assert.throws(
            () => programOf({ args: ["argocd-commit-server"] }),
            /runs `argocd-commit-server`, which the sandbox does not/,
        );
        assert.throws(
            () => programOf({ image: "external-secrets/external-secrets:v1", args: ["webhook"] }),
            /webhook\.create/,
        );
    });
});

const found = (value: string) => {
    const target = serviceAddress(value, "argocd");
    return target && `${target.scheme}${target.namespace}/${target.service}:${target.port}`;
};

describe("a Service's address", () => {
    it("is recognised by a bare name or .svc, with or without a scheme", () => {
        assert.equal(found("argocd-redis:6379"), "argocd/argocd-redis:6379");
        assert.equal(found("https://dex.auth.svc.cluster.local:5556"), "https://auth/dex:5556");
        assert.equal(found("cache.example.org:6379"), undefined);
        assert.equal(found("127.0.0.1:6379"), undefined);
        assert.equal(found("localhost:6379"), undefined);
    });
});

describe("volumes", () => {
    const folder = temporaryFolder();

    it("hold the items of ConfigMaps and Secrets and follow their changes", async () => {
        const volumes = [
            { name: "cm", configMap: { name: "params", items: [{ key: "LEVEL", path: "sub/level" }] } },
            { name: "none", secret: { secretName: "none", optional: true } },
        ];
        const volumeMounts = [{ name: "cm", mountPath: "/app/config" }];
        const parts = pod({ volumeMounts }, { volumes });
        await writeVolumes(folder(), parts.pod, new Objects(api, "argocd"), issue);
        const root = path.join(folder(), "c");
        mountVolumes(folder(), root, parts.container);
        const file = path.join(root, "app/config/sub/level");
        assert.equal(readFileSync(file, "utf8"), "debug");

        const changed = new Api({ "/api/v1/namespaces/argocd/configmaps/params": { data: { LEVEL: "info" } } });
        await writeVolumes(folder(), parts.pod, new Objects(changed, "argocd"), issue);
        assert.equal(readFileSync(file, "utf8"), "info");
        assert.equal(existsSync(path.join(folder(), "volumes", "none")), true);
    });

    it("are refused when their kind is unknown", async () => {
        const volumes = [{ name: "v", hostPath: { path: "/etc" } }];
        const parts = pod({}, { volumes });
        await assert.rejects(
            writeVolumes(folder(), parts.pod, new Objects(api, "argocd"), issue),
            /volume v is of kind hostPath, which the sandbox does not mount/,
        );
    });
});

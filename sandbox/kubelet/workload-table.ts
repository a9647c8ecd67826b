import { hostImage } from "./images.ts";
import type { Container } from "./pod.ts";
import type { Dial, Listen, Workload } from "./workload.ts";

// Sources: the flag definitions in cmd/*/commands of argo-cd v3.5.7 and cmd/controller of external-secrets v0.20.4.

const REDIS: Dial = { flag: "--redis", env: "REDIS_SERVER", fallback: "argocd-redis:6379" };

function repoServer(flag: string, env: string): Dial {
    return { flag, env, fallback: "argocd-repo-server:8081" };
}

function metrics(containerPort: number): Listen {
    return { name: "metrics", flag: "--metrics-port", containerPort };
}

/** Argo CD's fixed paths; each has a variable. */
const ARGOCD_ENV: Record<string, string> = {
    // https://kubernetes.default.svc means KUBECONFIG (pkg/apis/application/v1alpha1/types.go, RawRestConfig).
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_APP_CONF_PATH: "/app/config",
    ARGOCD_SSH_DATA_PATH: "/app/config/ssh",
    ARGOCD_TLS_DATA_PATH: "/app/config/tls",
    ARGOCD_GPG_DATA_PATH: "/app/config/gpg/source",
    ARGOCD_GNUPGHOME: "/app/config/gpg/keys",
    // gpg is not among the tools that a sandbox may count on.
    ARGOCD_GPG_ENABLED: "false",
};

function argocd(name: string, rest: Partial<Omit<Workload, "name" | "image" | "executable">>): Workload {
    const env = { ...ARGOCD_ENV, ...rest.env };
    return { listens: [], dials: [], flags: [], ...rest, name, image: "argocd", executable: name, env };
}

const PLAINTEXT = ["--repo-server-plaintext"];

const ARGOCD: Workload[] = [
    argocd("argocd-repo-server", {
        listens: [{ name: "server", flag: "--port", containerPort: 8081 }, metrics(8084)],
        dials: [REDIS],
        // --disable-tls is refused while a client CA is configured, which it is by default.
        flags: ["--address=127.0.0.1", "--metrics-address=127.0.0.1", "--disable-tls", "--client-ca-path="],
        env: { ARGOCD_PLUGINSOCKFILEPATH: "/home/argocd/cmp-server/plugins" },
        socketEnv: "ARGOCD_ASK_PASS_SOCK",
        health: { listen: "metrics", path: "/healthz" },
    }),
    argocd("argocd-application-controller", {
        // It has no flag for the address: its metrics port is open on every interface.
        listens: [metrics(8082)],
        dials: [REDIS, repoServer("--repo-server", "ARGOCD_APPLICATION_CONTROLLER_REPO_SERVER")],
        flags: PLAINTEXT,
        health: { listen: "metrics", path: "/healthz" },
    }),
    argocd("argocd-applicationset-controller", {
        listens: [
            { name: "webhook", flag: "--webhook-addr", containerPort: 7000, value: "host:port" },
            { name: "metrics", flag: "--metrics-addr", containerPort: 8080, value: "host:port" },
            { name: "probe", flag: "--probe-addr", containerPort: 8081, value: "host:port" },
        ],
        dials: [repoServer("--argocd-repo-server", "ARGOCD_APPLICATIONSET_CONTROLLER_REPO_SERVER")],
        flags: PLAINTEXT,
        health: { listen: "probe" },
    }),
    argocd("argocd-server", {
        listens: [{ name: "server", flag: "--port", containerPort: 8080 }, metrics(8083)],
        dials: [
            REDIS,
            repoServer("--repo-server", "ARGOCD_SERVER_REPO_SERVER"),
            { flag: "--dex-server", env: "ARGOCD_SERVER_DEX_SERVER", fallback: "argocd-dex-server:5556" },
        ],
        // Plain HTTP: no client on this machine could check its self-signed certificate.
        flags: ["--address=127.0.0.1", "--metrics-address=127.0.0.1", "--insecure", ...PLAINTEXT],
        health: { listen: "server", path: "/healthz" },
    }),
    argocd("argocd-notifications", {
        // As the application-controller: no flag for the address.
        listens: [metrics(9001)],
        dials: [repoServer("--argocd-repo-server", "ARGOCD_NOTIFICATION_CONTROLLER_REPO_SERVER")],
        flags: ["--argocd-repo-server-plaintext"],
        health: { listen: "metrics" },
    }),
    // Init container and Job: makes the Secret argocd-redis.
    argocd("argocd", { once: true }),
];

const EXTERNAL_SECRETS: Workload = {
    name: "external-secrets",
    image: "external-secrets",
    executable: "external-secrets",
    listens: [
        { name: "metrics", flag: "--metrics-addr", containerPort: 8080, value: "host:port" },
        { name: "live", flag: "--live-addr", containerPort: 8082, value: "host:port" },
    ],
    dials: [],
    flags: [],
    env: {},
    health: { listen: "live", path: "/healthz" },
    refuse: {
        flag: "--enable-leader-election=true",
        reason: "its namespace comes from a path that exists in containers only; run one replica, leaderElect: false",
    },
};

const REDIS_SERVER: Workload = {
    name: "redis",
    image: "redis",
    executable: "redis-server",
    listens: [{ name: "redis", flag: "--port", containerPort: 6379 }],
    dials: [],
    flags: ["--bind", "127.0.0.1"],
    env: {},
    health: { listen: "redis" },
    password: { flag: "--requirepass", env: "REDIS_PASSWORD" },
};

/** A container of a host image: what to run and the words after the executable, or why nothing runs. */
export type Program = { workload: Workload; args: string[] } | { skip: string };

/** What a container runs; undefined when its image is not one of ours. Throws for a program that is not known. */
export function program(container: Container): Program | undefined {
    const words = [...(container.command ?? []), ...(container.args ?? [])];
    const image = hostImage(container.image);
    if (image === "argocd") {
        return argocdProgram(container.name, words);
    }
    if (image === "external-secrets") {
        return externalSecretsProgram(container, words);
    }
    // Redis: the image's entry point adds redis-server before a first argument that is a flag.
    return image && { workload: REDIS_SERVER, args: words[0] === "redis-server" ? words.slice(1) : words };
}

function argocdProgram(containerName: string, words: string[]): Program {
    const [executable = "", ...args] = words;
    const name = executable.split("/").at(-1);
    if (name === "cp" || (name === "sh" && args.join(" ").includes("/bin/cp "))) {
        return { skip: "it only copies argocd's binary, which on a host is there already" };
    }
    const workload = ARGOCD.find((candidate) => candidate.name === name);
    if (workload === undefined || (workload.once === true && args[0] !== "admin")) {
        throw new Error(
            `container ${containerName} runs \`${words.join(" ")}\`, which the sandbox does not know; of Argo CD it ` +
                `knows ${ARGOCD.map((w) => w.name).join(", ")} (the last with \`admin …\` only)`,
        );
    }
    return { workload, args };
}

function externalSecretsProgram(container: Container, words: string[]): Program {
    const args = container.command === undefined ? words : words.slice(1);
    const [first = ""] = args;
    if (first !== "" && !first.startsWith("-")) {
        throw new Error(
            `container ${container.name} runs \`external-secrets ${first}\`, which the sandbox does not know: set ` +
                `webhook.create and certController.create to false, since no API server can call them here`,
        );
    }
    return { workload: EXTERNAL_SECRETS, args };
}

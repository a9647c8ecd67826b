import type { Layout } from "./layout.ts";

/** How to reach the daemon: the content of `daemon.json`. */
export interface DaemonInfo {
    pid: number;
    port: number;
    /** Opens the control paths and the operator's AWS credentials. */
    token: string;
    vaultAddress: string;
    vaultToken: string;
}

/** Passphrase of the sandbox's stacks. They hold no secret of anybody's: state and passphrase go with the folder. */
const PASSPHRASE = "sandbox";

/**
 * The environment in which `pulumi`, `kubectl`, `helm` and `aws` work against the sandbox.
 * Every way to real AWS credentials is closed: profiles, variables, instance metadata.
 */
export function sandboxEnvironment(layout: Layout, daemon: DaemonInfo, toolDirs: string[]): Record<string, string> {
    const url = `http://127.0.0.1:${daemon.port}`;
    const inherited = Object.entries(process.env).filter(
        (entry): entry is [string, string] =>
            entry[1] !== undefined && !/^(AWS_|PULUMI_|VAULT_|KUBE|HELM_)/.test(entry[0]),
    );
    return {
        ...Object.fromEntries(inherited),
        PATH: [layout.bin, ...toolDirs, process.env["PATH"] ?? ""].join(":"),
        FLEET_SANDBOX_DIR: layout.root,
        PULUMI_HOME: layout.pulumiHome,
        PULUMI_BACKEND_URL: `file://${layout.pulumiBackend}`,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        AWS_ACCESS_KEY_ID: "",
        AWS_SECRET_ACCESS_KEY: "",
        AWS_SESSION_TOKEN: "",
        AWS_PROFILE: "",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_ENDPOINT_URL: url,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/operator/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: daemon.token,
        VAULT_ADDR: daemon.vaultAddress,
        VAULT_TOKEN: daemon.vaultToken,
    };
}

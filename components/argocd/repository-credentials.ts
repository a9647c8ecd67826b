import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { argocdNamespace } from "../../contract/names.ts";

/** How Argo CD signs in to a Git repository, or to every one whose URL begins like this. */
export interface RepositoryCredential {
    url: string;
    githubApp?: { id: string; installationId: string; privateKey: string } | undefined;
    ssh?: { privateKey: string } | undefined;
    token?: { username: string; password: string } | undefined;
}

/** Inputs of {@link RepositoryCredentials}. */
export interface RepositoryCredentialsArgs {
    /** One per URL. */
    repositories: readonly RepositoryCredential[];
}

/** Credentials of private Git repositories, as Argo CD reads them: a Secret each, encrypted in Pulumi's state. */
export class RepositoryCredentials extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays the Secrets: their namespace has to exist by then. */
    constructor(name: string, args: RepositoryCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:argocd:RepositoryCredentials", name, {}, opts);
        for (const repository of args.repositories) {
            const secretName = repositorySecretName(repository.url);
            new kubernetes.core.v1.Secret(
                `${name}-${secretName}`,
                {
                    metadata: {
                        name: secretName,
                        namespace: argocdNamespace,
                        // Templates match by the beginning of the URL; a Secret of type `repository` would match one only.
                        labels: { "argocd.argoproj.io/secret-type": "repo-creds" },
                    },
                    // Encrypted in the state: the SDK marks what a Secret holds, whatever is given.
                    stringData: repositoryFields(repository),
                },
                { parent: this, dependsOn: opts?.dependsOn },
            );
        }
        this.registerOutputs({});
    }
}

/** The component, where there is any credential. */
export function repositoryCredentials(
    name: string,
    repositories: readonly RepositoryCredential[],
    opts: pulumi.ComponentResourceOptions,
): RepositoryCredentials[] {
    return repositories.length === 0 ? [] : [new RepositoryCredentials(name, { repositories }, opts)];
}

/** A name that says which repository, within Kubernetes' 63 characters; equal URLs have equal names. */
export function repositorySecretName(url: string): string {
    const readable = url
        .toLowerCase()
        .replace(/^[a-z]+:\/\/|^git@|\.git$/g, "")
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
    return `repo-${readable.slice(0, 48).replace(/-$/, "")}-${checksum(url)}`;
}

/** The fields of Argo CD's repository Secret (docs/operator-manual/declarative-setup.md, "Repository Credentials"). */
export function repositoryFields({ url, githubApp, ssh, token }: RepositoryCredential): Record<string, string> {
    return {
        type: "git",
        url,
        ...(githubApp && {
            githubAppID: githubApp.id,
            githubAppInstallationID: githubApp.installationId,
            githubAppPrivateKey: githubApp.privateKey,
        }),
        ...(ssh && { sshPrivateKey: ssh.privateKey }),
        ...(token && { username: token.username, password: token.password }),
    };
}

/** 32 bits of FNV-1a, for names only: two URLs that read alike must not share a Secret. */
function checksum(text: string): string {
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(text)) {
        hash = Math.imul(hash ^ byte, 0x01000193);
    }
    return (hash >>> 0).toString(16).padStart(8, "0");
}

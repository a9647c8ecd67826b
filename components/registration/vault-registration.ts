import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

import type { Registration } from "../../contract/registration-secret.ts";
import { clusterFactsOutsideAws, type ClusterFactsOutsideAwsSource } from "./cluster-facts.ts";

/** Inputs of {@link VaultRegistration}. */
export interface VaultRegistrationArgs extends ClusterFactsOutsideAwsSource {
    /** The cluster that registers; also the name of its secret. */
    clusterName: string;
    /** Mount of the hub's registrations. */
    mountPath: pulumi.Input<string>;
    /** URL of the Kubernetes API as the hub reaches it. */
    server: pulumi.Input<string>;
    /** PEM of its certificate authority, base64-encoded. */
    caData: pulumi.Input<string>;
    /** Token by which the hub signs in; a secret. */
    token: pulumi.Output<string>;
    /** What infrastructure stands ready for, by the contract's capability names. */
    capabilities: Registration["capabilities"];
    /** Whether Pulumi refuses to delete the registration. */
    protect: boolean;
}

/**
 * What a cluster outside AWS tells its hub: the document that others publish in Secrets Manager, in Vault. It holds the
 * hub's token, which is why it is not in an account's Secrets Manager, and why its old versions are not kept.
 */
export class VaultRegistration extends pulumi.ComponentResource {
    /** `<mount>/<cluster>`, as the member file names it. */
    readonly path: pulumi.Output<string>;

    constructor(name: string, args: VaultRegistrationArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:registration:VaultRegistration", name, {}, opts);
        const secret = new vault.kv.SecretV2(
            `${name}-secret`,
            {
                mount: args.mountPath,
                name: args.clusterName,
                dataJson: pulumi.secret(content(args).apply((document) => JSON.stringify(document))),
                customMetadata: { maxVersions: 1 },
                // Without this, Vault keeps the last version, and the token in it, for whoever undeletes it.
                deleteAllVersions: true,
            },
            { parent: this, protect: args.protect },
        );
        this.path = pulumi.interpolate`${secret.mount}/${secret.name}`;
        this.registerOutputs({ path: this.path });
    }
}

function content(args: VaultRegistrationArgs): pulumi.Output<Registration> {
    return pulumi.all([args.server, args.caData, args.token]).apply(([server, caData, token]) => ({
        contract: "fleet.registration/v1" as const,
        name: args.clusterName,
        server,
        caData,
        auth: { type: "token" as const, token },
        facts: clusterFactsOutsideAws(args),
        capabilities: args.capabilities,
    }));
}

/** The cluster whose add-on gets a role. */
export interface AddonPlace {
    accountId: string;
    region: string;
    clusterName: string;
}

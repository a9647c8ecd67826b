/**
 * Regions that keep a copy of a registration: those asked for, and the hub's, since a hub reads registrations in its
 * own region only.
 */
export function copyRegions(asked: readonly string[], region: string, hubRegion: string): string[] {
    return [...new Set([...asked, hubRegion])].filter((each) => each !== region);
}

/** ARN of a secret's copy in another region: all but the region stays, the random end included. */
export function copyArn(secretArn: string, region: string): string {
    return secretArn.replace(/^(arn:[^:]+:secretsmanager:)[^:]+/, `$1${region}`);
}

/** Command lines as pflag reads them: `--name value` and `--name=value`; the last one wins. */

/** The value of a flag; undefined when it is not given. */
export function flagValue(args: readonly string[], flag: string): string | undefined {
    let value: string | undefined;
    args.forEach((word, index) => {
        if (word === flag) {
            value = args[index + 1];
        } else if (word.startsWith(`${flag}=`) || word.startsWith(`${flag} `)) {
            value = word.slice(flag.length + 1);
        }
    });
    return value;
}

/** The words without a flag and its value, in any of the three forms that occur (`--name value` in one word too). */
export function withoutFlag(args: readonly string[], flag: string): string[] {
    const dropped = (word: string) => word === flag || word.startsWith(`${flag}=`) || word.startsWith(`${flag} `);
    return args.filter((word, index) => !dropped(word) && args[index - 1] !== flag);
}

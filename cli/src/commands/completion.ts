import type { Command } from "../command.ts"
import { exit, usageFailure } from "../failure.ts"
import { groups, tree } from "../tree.ts"

/** The words that may come first, and those that may follow each. */
function words(): { first: string; second: Record<string, string> } {
  const names = Object.keys(tree)
  const first = [...names.filter((name) => !name.includes(" ")), ...Object.keys(groups)].sort().join(" ")
  const second = Object.fromEntries(
    Object.keys(groups).map((group) => [
      group,
      names
        .filter((name) => name.startsWith(`${group} `))
        .map((name) => name.split(" ")[1])
        .join(" "),
    ]),
  )
  return { first, second }
}

const shared = "--json --url --profile --yes --no-input --help"

const scripts: Record<string, () => string> = {
  bash() {
    const { first, second } = words()
    const cases = Object.entries(second).map(([group, names]) => `    ${group}) words="${names}" ;;`)
    return `_causeway() {
  local words="${first}"
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  if [ "$COMP_CWORD" -gt 2 ]; then words=""; elif [ "$COMP_CWORD" -eq 1 ]; then words="${first}"; fi
  case "\${COMP_WORDS[COMP_CWORD]}" in -*) words="${shared}" ;; esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o filenames -F _causeway causeway
`
  },
  zsh: () => `#compdef causeway\nautoload -U bashcompinit && bashcompinit\n${scripts.bash?.()}`,
  fish() {
    const { first, second } = words()
    const lines = Object.entries(second).map(
      ([group, names]) => `complete -c causeway -n "__fish_seen_subcommand_from ${group}" -f -a "${names}"`,
    )
    return `complete -c causeway -n __fish_use_subcommand -f -a "${first}"\n${lines.join("\n")}\n${shared
      .split(" ")
      .map((option) => `complete -c causeway -l ${option.slice(2)}`)
      .join("\n")}\n`
  },
}

export const completion: Command = {
  args: ["shell"],
  more: "bash: causeway completion bash > /etc/bash_completion.d/causeway",
  examples: ["causeway completion bash", "causeway completion zsh", "causeway completion fish"],
  async run(call) {
    const script = scripts[call.arg(0)]
    if (script === undefined)
      throw usageFailure(
        `"${call.arg(0)}" is no shell we know`,
        `causeway completion ${Object.keys(scripts).join("|")}`,
      )
    call.show({ script: script() }, script())
    return exit.ok
  },
}

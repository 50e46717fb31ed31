import { countingIn } from "../plural.ts"

const { count: plural, number } = countingIn("en")

export const bulk = {
  bulk: {
    label: "What to do with those chosen",
    clear: "Choose none",
    chosen: (count: number) => plural(count, { one: "# chosen", other: "# chosen" }),
    all: (count: number) => plural(count, { one: "Choose all #", other: "Choose all #" }),
    working: (done: number, of: number) => `Changing: ${number(done)} of ${number(of)}`,
    changed: (count: number) => plural(count, { one: "Changed # conversation.", other: "Changed # conversations." }),
    refused: {
      not_found: (count: number) =>
        plural(count, { one: "# is not there any more.", other: "# are not there any more." }),
      merged: (count: number) =>
        plural(count, { one: "# was merged into another.", other: "# were merged into others." }),
      closed_to_assignee: (count: number) =>
        plural(count, {
          one: "# is in an inbox that is closed to the assignee.",
          other: "# are in inboxes that are closed to the assignee.",
        }),
    },
    trash: (count: number) =>
      plural(count, { one: "Move # conversation to the trash?", other: "Move # conversations to the trash?" }),
  },
}

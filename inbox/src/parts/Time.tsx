import { fullTimeOf, isoOf } from "../format.ts"

/** A moment (seconds since 1970), shown as `children`, whole on hover: it is put in words only then, as lists have many. */
export const Time = ({ at, children, className }: { at: number; children: string; className?: string | undefined }) => (
  <time
    dateTime={isoOf(at)}
    className={className}
    onPointerEnter={({ currentTarget }) => {
      currentTarget.title = fullTimeOf(at)
    }}
  >
    {children}
  </time>
)

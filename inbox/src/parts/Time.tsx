import { fullTimeOf, isoOf } from "../format.ts"

/** A moment (seconds since 1970), shown as `children`, whole on hover. */
export const Time = ({ at, children, className }: { at: number; children: string; className?: string | undefined }) => (
  <time dateTime={isoOf(at)} title={fullTimeOf(at)} className={className}>
    {children}
  </time>
)

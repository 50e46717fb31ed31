import { type ComponentProps, lazy, Suspense } from "react"
import styles from "./ComposerPlace.module.css"

const load = () => import("./Composer.tsx")
const Loaded = lazy(load)
// Reading comes first; by the time somebody wants to answer, it is here.
globalThis.requestIdleCallback?.(() => void load().catch(() => {}))

/** The composer, which comes a moment after what is read; its place is kept, so that nothing moves. */
export const Composer = (props: ComponentProps<typeof Loaded>) => (
  <Suspense fallback={<div className={styles.place} />}>
    <Loaded {...props} />
  </Suspense>
)

import styles from "./Avatar.module.css"
import { Icon } from "./Icon.tsx"

/** Up to two letters that stand for a person; none where somebody goes by a number. */
export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => /^\p{L}\p{M}*/u.exec(part)?.[0] ?? "")
    .filter((letter) => letter !== "")
    .slice(0, 2)
    .join("")
    .toUpperCase()

interface AvatarProps {
  name: string
  size?: number
  isFaded?: boolean
}

/** A person's initials in a disc; hidden from screen readers, because the name is always beside it. */
export const Avatar = ({ name, size = 22, isFaded = false }: AvatarProps) => (
  <span
    className={styles.avatar}
    data-faded={isFaded || undefined}
    style={{ inlineSize: size, blockSize: size, fontSize: size * 0.42 }}
    title={name}
    aria-hidden="true"
  >
    {initialsOf(name) || <Icon name="mine" size={Math.round(size * 0.56)} />}
  </span>
)

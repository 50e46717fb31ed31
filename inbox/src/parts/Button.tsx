import type { ComponentProps } from "react"
import styles from "./Button.module.css"
import { Icon, type IconName } from "./Icon.tsx"

interface ButtonProps extends ComponentProps<"button"> {
  look?: "primary" | "quiet" | "plain"
  icon?: IconName
}

/** A button of type "button" unless told otherwise. */
export function Button({ look = "plain", icon, className, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button {...rest} type={type} className={`${styles.button} ${styles[look]} ${className ?? ""}`}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  )
}

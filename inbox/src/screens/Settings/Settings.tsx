import { Link } from "@tanstack/react-router"
import { type ReactNode, useEffect, useId } from "react"
import { Icon } from "../../parts/Icon.tsx"
import { settingsWords } from "../../settings-words.ts"
import { words } from "../../words.ts"
import { ActivityStrip } from "../Inbox/ActivityStrip.tsx"
import { NotificationSettings } from "../Notices/NotificationSettings.tsx"
import { DeviceData } from "./DeviceData.tsx"
import { Keyboard } from "./Keyboard.tsx"
import { Look } from "./Look.tsx"
import { Passkeys } from "./Passkeys.tsx"
import { Password } from "./Password.tsx"
import { Sending } from "./Sending.tsx"
import styles from "./Settings.module.css"

const said = settingsWords.settings

/** What a teammate can choose for themselves: how this device looks, and what follows them to every device. */
export default function Settings() {
  useEffect(() => {
    document.title = `${said.title} · ${words.product}`
  }, [])
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <Link to="/inbox/$view" params={{ view: "open" }} className={styles.back} aria-label={said.back}>
          <Icon name="back" size={20} />
        </Link>
        <h1>{said.title}</h1>
      </header>
      <main className={styles.page}>
        <Look />
        <Keyboard />
        <Sending />
        <Section title={words.notices.title} where="everywhere">
          <NotificationSettings />
        </Section>
        <Password />
        <Passkeys />
        <DeviceData />
      </main>
      <ActivityStrip isOffFeed />
    </div>
  )
}

interface SectionProps {
  title: string
  /** Where it holds. */
  where: "onDevice" | "everywhere"
  children: ReactNode
}

export function Section({ title, where, children }: SectionProps) {
  const id = useId()
  return (
    <section className={styles.section} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className={styles.where}>{said[where]}</span>
      </header>
      {children}
    </section>
  )
}

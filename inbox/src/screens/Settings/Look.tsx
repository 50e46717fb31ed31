import { useId } from "react"
import { language, languageNames } from "../../language.ts"
import {
  choicesOf,
  type DeviceSetting,
  type DeviceSettings,
  setDeviceSetting,
  useDeviceSettings,
} from "../../settings/device.ts"
import { settingsWords } from "../../settings-words.ts"
import { Choice } from "./Choice.tsx"
import styles from "./Settings.module.css"
import { Section } from "./Settings.tsx"

const said = settingsWords.settings

/** Theme, density, layout, language, time and announcements: of this device alone. */
export function Look() {
  const id = useId()
  const settings = useDeviceSettings()
  return (
    <>
      <Section title={said.look} where="onDevice">
        <DeviceChoice name="theme" label={said.theme} texts={said.themes} />
        <DeviceChoice name="density" label={said.density} texts={said.densities} />
        <DeviceChoice name="layout" label={said.layout} texts={said.layouts} />
      </Section>
      <Section title={said.language} where="onDevice">
        <div className={styles.field}>
          <label htmlFor={id}>{said.languageLabel}</label>
          <select
            id={id}
            aria-describedby={`${id}-hint`}
            value={settings.language}
            onChange={(event) => {
              setDeviceSetting("language", event.currentTarget.value as DeviceSettings["language"])
              reload()
            }}
          >
            <option value="system">{said.languageSystem}</option>
            {Object.entries(languageNames).map(([tag, name]) => (
              <option key={tag} value={tag} lang={tag}>
                {name}
              </option>
            ))}
            {(settings.language === "pseudo" || language === "pseudo") && <option value="pseudo">{said.pseudo}</option>}
          </select>
          <span id={`${id}-hint`} className={styles.hint}>
            {said.reloads}
          </span>
        </div>
        <DeviceChoice name="hours" label={said.hours} texts={said.hoursChoices} onChosen={reload} />
      </Section>
      <Section title={said.announcements} where="onDevice">
        <DeviceChoice name="announcements" label={said.announcementsLabel} texts={said.announcementChoices} />
      </Section>
    </>
  )
}

/** Words and formats are picked once a page. `?lang=` would win over what was just chosen. */
function reload(): void {
  const url = new URL(window.location.href)
  url.searchParams.delete("lang")
  window.location.replace(url)
}

interface DeviceChoiceProps<Name extends DeviceSetting> {
  name: Name
  label: string
  texts: Readonly<Record<DeviceSettings[Name], string>>
  onChosen?(): void
}

function DeviceChoice<Name extends DeviceSetting>({ name, label, texts, onChosen }: DeviceChoiceProps<Name>) {
  const settings = useDeviceSettings()
  return (
    <Choice
      label={label}
      options={choicesOf(name).map((choice) => [choice, texts[choice]] as const)}
      value={settings[name]}
      onChoose={(choice) => {
        setDeviceSetting(name, choice)
        onChosen?.()
      }}
    />
  )
}

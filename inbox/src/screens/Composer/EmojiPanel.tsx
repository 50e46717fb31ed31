import { EmojiPicker } from "frimousse"
import { loadEmoji } from "../../emoji.ts"
import { words } from "../../words.ts"
import styles from "./Emoji.module.css"

const said = words.writing

/** All emoji, by group, to be searched; the data is ours and comes from our server. */
export default function EmojiPanel({ onPick }: { onPick(emoji: string): void }) {
  return (
    <EmojiPicker.Root
      className={styles.picker ?? ""}
      columns={8}
      resolveEmojiData={loadEmoji}
      onEmojiSelect={({ emoji }) => onPick(emoji)}
    >
      <EmojiPicker.Search
        className={styles.search ?? ""}
        aria-label={said.emojiSearch}
        placeholder={said.emojiSearch}
        // Of no form: Enter picks, and does not send the reply around it.
        form="none"
        autoFocus
      />
      <EmojiPicker.Viewport className={styles.viewport ?? ""}>
        <EmojiPicker.Loading className={styles.state ?? ""}>{said.emojiLoading}</EmojiPicker.Loading>
        <EmojiPicker.Empty className={styles.state ?? ""}>{said.emojiNone}</EmojiPicker.Empty>
        <EmojiPicker.List
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className={styles.group}>
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...props} className={styles.row}>
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button {...props} type="button" className={styles.emoji} data-active={emoji.isActive || undefined}>
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </EmojiPicker.Viewport>
    </EmojiPicker.Root>
  )
}

/** Which entities belong to what, as ids in no order. */
export type Index = ReadonlyMap<string, readonly string[]>

/**
 * The index after `before` became `after`. What moved, as messages do when conversations are merged, is under its new owner only. The same index when
 * nothing in it changes.
 */
export function indexed<Entity extends { id: string }>(
  index: Index,
  before: ReadonlyMap<string, Entity>,
  after: ReadonlyMap<string, Entity>,
  ownerOf: (entity: Entity) => string,
): Index {
  if (before === after) return index
  const added = new Map<string, string[]>()
  const left = new Map<string, Set<string>>()
  for (const [id, entity] of after) {
    const known = before.get(id)
    if (known === entity) continue
    const owner = ownerOf(entity)
    if (known !== undefined && ownerOf(known) === owner) continue
    added.set(owner, [...(added.get(owner) ?? []), id])
    if (known !== undefined) left.set(ownerOf(known), (left.get(ownerOf(known)) ?? new Set()).add(id))
  }
  if (added.size === 0) return index
  const changed = new Map(index)
  for (const [owner, ids] of left)
    changed.set(
      owner,
      (changed.get(owner) ?? []).filter((id) => !ids.has(id)),
    )
  for (const [owner, ids] of added) changed.set(owner, [...(changed.get(owner) ?? []), ...ids])
  return changed
}

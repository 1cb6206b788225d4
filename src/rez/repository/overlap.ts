/** Asks many slow questions at a time without asking all at once. */

/** The answers in the order of the items, at most `jobs` questions being open at any time. */
export async function overlap<Item, Answer>(
  items: readonly Item[],
  jobs: number,
  ask: (item: Item, index: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i]
      if (item !== undefined) answers[i] = await ask(item, i)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, items.length)) }, worker))
  return answers
}

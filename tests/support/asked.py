"""How many questions a description asks of a sheet."""


def most_asked(found):
    """Return the most questions that any sheet of a file asks at once; alike ones are one."""
    asked = {}
    for draft in found.drafts:
        asked.setdefault(draft.table.grid.sheet, set()).update(q.id for q in draft.questions)
    return max(map(len, asked.values()), default=0)

"""Is the kit fit for tomorrow? This computer, the network as a phone has it, the projector, and a rehearsal with 44 phones.

A check is a measurement (`measures`, `phones`, or a page in a browser) and a pure judgement of it (`judgements`): a light, and a
sentence an administrator can act on (`sentences`). `run` does them one after the other in a process of its own and leaves nothing
behind but their results (`record`).
"""

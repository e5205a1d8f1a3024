"""Questions to the database that come at the same time are asked together.

A thousand pages that come back at once are a few queries then, and not a thousand times three.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from consumers.pool import in_pool

Question = TypeVar("Question")
Answer = TypeVar("Answer")

AT_ONCE = 2  # batches under way; what comes meanwhile waits for the next one
MOST = 250


class Together(Generic[Question, Answer]):
    """`await together(question)`: asked at once when nobody else is asking, else with all who wait.

    `ask` answers many questions in their order; it runs on the pool, and begins after each of them has come. One per
    event loop.
    """

    def __init__(self, ask: Callable[[Sequence[Question]], Sequence[Answer]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._asking: set[asyncio.Task[None]] = set()

    async def __call__(self, question: Question) -> Answer:
        """Raises what `ask` raises, and `Unavailable` when the database is away."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, answer))
        if len(self._asking) < AT_ONCE:
            task = loop.create_task(self._work())
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        return await answer

    async def _work(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                answers = await in_pool(self._ask, [question for question, _ in some])
            except Exception as error:
                for _, answer in some:
                    if not answer.done():
                        answer.set_exception(error)
            else:
                for (_, answer), said in zip(some, answers, strict=True):
                    if not answer.done():  # who asked may have gone
                        answer.set_result(said)

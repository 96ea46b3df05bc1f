"""Keeping people no longer than a workshop says: what is set, what is announced, and the server's own look at every workshop.

The rule is `domain/retention.py`; what a wipe does is `wiping.py`.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from app import press, seats, wiping
from app.boards import boards
from app.domain import retention
from app.domain.errors import Rejected
from app.domain.retention import Keeping, day_of
from app.store import keeping
from app.store import workshops as workshop_rows
from app.store.workshops import Workshop

logger = logging.getLogger("palabre.retention")

LOOK_S = 60
_EPOCH = datetime.date(1970, 1, 1).toordinal()


def date_of(day: int) -> datetime.date:
    return datetime.date.fromordinal(_EPOCH + day)


def day_from(date: datetime.date) -> int:
    return date.toordinal() - _EPOCH


def today() -> int:
    return day_of(boards.clock.now_ms())


def of(workshop: Workshop) -> Keeping:
    return seats.read(lambda c: keeping.read(c, workshop.id))


def due(workshop: Workshop) -> int | None:
    """The day from which this workshop's people are no longer kept."""
    made, held = seats.read(lambda c: keeping.days_of(c, workshop.id))
    return retention.due(of(workshop), made if made is not None else today(), held)


def was_held(workshop: Workshop) -> bool:
    """Whether a round has begun: until then the term does not count from one."""
    return seats.read(lambda c: keeping.days_of(c, workshop.id))[1] is not None


def announced(workshop: Workshop) -> datetime.date | None:
    """The day on which people will be wiped, once it is near enough to be told on every page."""
    day = of(workshop).announced
    return None if day is None else date_of(day)


def keep_for(workshop: Workshop, days: int) -> None:
    """Keep people for so many days after the last round."""
    _set(workshop, days=days, until=None)


def keep_until(workshop: Workshop, day: int) -> None:
    _set(workshop, until=day)


def _set(workshop: Workshop, **values: int | None) -> None:
    """Another term is announced anew."""
    boards.write(lambda c: keeping.change(c, workshop.id, **values, announced=None))
    _announce(workshop)


def look_at(workshop: Workshop) -> None:
    """Announce what is near, wipe what is due, and finish what a crash interrupted."""
    kept = of(workshop)
    if kept.wiping:
        wiping.finish(workshop)
    elif retention.is_time(kept, due(workshop), today()):
        wiping.wipe_people(workshop)
        logger.info("the people of workshop %s were wiped, as announced", workshop.code)
    else:
        _announce(workshop)


def _announce(workshop: Workshop) -> None:
    kept = of(workshop)
    told = retention.announced(kept, due(workshop), today())
    if told != kept.announced:
        boards.write(lambda c: keeping.change(c, workshop.id, announced=told))


def carry_out() -> None:
    """Look at every workshop; what fails on one leaves the others alone and is tried again."""
    for workshop in seats.read(workshop_rows.all_workshops):
        try:
            look_at(workshop)
        except (wiping.UnderWay, Rejected):
            logger.warning(
                "workshop %s: people are due to be wiped, once its rounds are opened", workshop.code
            )
        except (SQLAlchemyError, OSError) as error:
            logger.error("storage: %s while wiping the people of a workshop", type(error).__name__)
        except Exception:
            logger.exception("looking at what is due in workshop %s failed", workshop.code)


def run(sleep: Callable[[float], object]) -> None:
    """For ever, from the start of the server on."""
    while True:
        try:
            carry_out()
            press.ours().sweep()
        except Exception:
            logger.exception("looking at what is due failed")
        sleep(LOOK_S)

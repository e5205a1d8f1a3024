"""What there is to write about in each town: all its subjects and what is said of them."""

from dataclasses import dataclass

from hub.demo.tickets import (
    france_life,
    france_places,
    france_streets,
    france_water,
    quebec_english,
    quebec_life,
    quebec_places,
    quebec_streets,
    quebec_winter,
)
from hub.demo.tickets.subject import Field, Subject


@dataclass(frozen=True)
class Stock:
    """`field`: what is said of a subject when it says nothing of its own."""

    subjects: tuple[Subject, ...]
    fields: dict[str, Field]

    def answers(self, subject: Subject) -> tuple[str, ...]:
        return subject.answers or self.fields[subject.field].answers

    def notes(self, subject: Subject) -> tuple[str, ...]:
        return subject.notes or self.fields[subject.field].notes

    def says(self, subject: Subject) -> tuple[str, ...]:
        return subject.says or self.fields[subject.field].says

    def about(self, beginning: str) -> tuple[Subject, int]:
        """The subject with words that begin so, and which of them."""
        found = (
            (subject, number)
            for subject in self.subjects
            for number, words in enumerate(subject.words)
            if words.startswith(beginning)
        )
        return next(found)


QUEBEC = Stock(
    (
        *quebec_winter.SUBJECTS,
        *quebec_streets.SUBJECTS,
        *quebec_life.SUBJECTS,
        *quebec_places.SUBJECTS,
        *quebec_english.SUBJECTS,
    ),
    {
        **quebec_winter.FIELDS,
        **quebec_streets.FIELDS,
        **quebec_life.FIELDS,
        **quebec_places.FIELDS,
        **quebec_english.FIELDS,
    },
)
FRANCE = Stock(
    (*france_streets.SUBJECTS, *france_water.SUBJECTS, *france_life.SUBJECTS, *france_places.SUBJECTS),
    {**france_streets.FIELDS, **france_water.FIELDS, **france_life.FIELDS, **france_places.FIELDS},
)

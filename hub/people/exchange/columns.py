"""The columns of a file of citizens, in French and in English.

Their names are part of the file's format: they are read back whatever the language of the page, and so no
translation may change them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hub.core.folding import words_of
from hub.people.asked import PHONES


@dataclass(frozen=True)
class Names:
    """What a column is called, and what else it may be called."""

    french: str
    english: str
    others: tuple[str, ...] = ()

    def said(self, language: str) -> str:
        """In the language of the page."""
        return self.english if language.startswith("en") else self.french


# What is read.
COLUMNS = {
    "title": Names("Civilité", "Title", ("Titre", "Salutation")),
    "first_name": Names("Prénom", "First name", ("Prénoms", "Given name", "Forename", "Firstname")),
    "last_name": Names("Nom", "Last name", ("Nom de famille", "Family name", "Surname", "Lastname")),
    "email": Names(
        "Courriel", "Email",
        ("E-mail", "Mail", "Mél", "Adresse courriel", "Adresse de courriel", "Adresse e-mail", "Adresse mail",
         "Email address", "E-mail address"),
    ),
    "phone": Names(
        "Téléphone", "Phone",
        ("Tél", "Numéro de téléphone", "Téléphone mobile", "Téléphone portable", "Téléphone fixe", "Mobile", "Portable",
         "Cellulaire", "Cell", "Autre téléphone", "Telephone number", "Phone number", "Mobile phone", "Cell phone",
         "Home phone", "Other phone"),
    ),
    "number": Names("Numéro", "Number", ("N°", "No", "Numéro civique", "Street number", "House number")),
    "street": Names("Rue", "Street", ("Voie", "Adresse", "Address", "Adresse postale", "Street address")),
    "postal_code": Names("Code postal", "Postal code", ("CP", "Postcode", "Zip", "Zip code")),
    "city": Names("Ville", "City", ("Commune", "Municipalité", "Localité", "Town", "Municipality")),
    "language": Names("Langue", "Language", ("Langue de correspondance", "Preferred language")),
    "birth_date": Names(
        "Date de naissance", "Birth date", ("Naissance", "Né le", "Née le", "Né(e) le", "Date of birth", "DOB")
    ),
}  # fmt: skip

# What our own files hold besides, and what nobody need bring back.
WRITTEN = {
    "account": Names("Compte", "Account"),
    "registered": Names("Inscription", "Registered on"),
    "row": Names("Ligne", "Row"),
    "reason": Names("Motif du refus", "Reason"),
}


def _key(header: str) -> str:
    """A header without case, accents, signs or the number of a phone."""
    return " ".join(words_of(header.replace("°", "o"), most=8))


def _read(columns: dict[str, Names]) -> dict[str, str]:
    return {
        _key(called): field
        for field, names in columns.items()
        for called in (names.french, names.english, *names.others)
    }


_FIELD_OF = _read(COLUMNS)
_OURS = frozenset(_read(WRITTEN))


def learn(names: Mapping[str, Names]) -> None:
    """Read these too: columns of a room above (`hub.people.exchange.more`)."""
    COLUMNS.update(names)
    _FIELD_OF.update(_read(dict(names)))


def _field_of(key: str) -> str:
    """What a column holds. Phones may bear a number: « Téléphone 2 »."""
    numbered = _FIELD_OF.get(key.rstrip("0123456789 "), "")
    return _FIELD_OF.get(key) or (numbered if numbered == "phone" else "")


@dataclass(frozen=True)
class Heads:
    """A file's first row, understood. `fields`: one per column, "" for what is not read.

    `unknown`: headers that mean nothing to us; `twice`: those of columns that say the same.
    """

    fields: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()

    @property
    def names_people(self) -> bool:
        """Whether there is anything to know somebody by."""
        return {"first_name", "last_name"} <= set(self.fields) or "email" in self.fields


def understood(headers: Sequence[str]) -> Heads:
    """Which column is which. Phones may be several: they keep their order, and the first is linked to alerts (S9)."""
    fields: list[str] = []
    unknown: list[str] = []
    twice: list[str] = []
    phones = iter(PHONES)
    for header in headers:
        field = _field_of(_key(header))
        if field == "phone":
            field = next(phones, "")
            if not field:
                twice.append(header)
        elif field and field in fields:
            twice.append(header)
        elif not field and header.strip() and _key(header) not in _OURS:
            unknown.append(header)
        fields.append(field)
    return Heads(tuple(fields), tuple(unknown), tuple(twice))


def known_count(headers: Iterable[str]) -> int:
    """How many of these headers we know: by it one guesses what separates them."""
    return sum(1 for field in understood([*headers]).fields if field)


def head(field: str, language: str) -> str:
    """What a column is called in the files that we write: « Téléphone », « Téléphone 2 »."""
    if field.startswith("phone_"):
        place = field.removeprefix("phone_")
        name = COLUMNS["phone"].said(language)
        return name if place == "1" else f"{name} {place}"
    return (COLUMNS | WRITTEN)[field].said(language)

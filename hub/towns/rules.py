"""What a town's country decides."""

from hub.towns.models import Country

# The zones where municipalities of each country are (IANA names).
TIME_ZONES: dict[str, tuple[str, ...]] = {
    Country.FRANCE: (
        "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "America/Miquelon",
        "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea", "Pacific/Tahiti", "Pacific/Wallis",
    ),
    Country.CANADA: ("America/Toronto", "America/Halifax", "America/Blanc-Sablon"),
}  # fmt: skip

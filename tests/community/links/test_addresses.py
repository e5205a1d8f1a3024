"""Where a link may lead: a page on the web that is read in secret, and nothing that only looks like one."""

import pytest

from hub.community.links.addresses import ADDRESS_MAX, clean_address, host_of, leaves
from hub.core.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://ville.example/", "https://ville.example/"),
        ("  HTTPS://Ville.example/Sports?a=B#C ", "https://ville.example/Sports?a=B#C"),
        ("www.ville.example", "https://www.ville.example"),
        ("ville.example:8443/role?u=https://x.example", "https://ville.example:8443/role?u=https://x.example"),
        ("mairie-hélène.example/été", "https://mairie-hélène.example/été"),
    ],
)
def test_an_address_is_kept_whole_as_it_was_typed(typed: str, kept: str) -> None:
    assert clean_address(typed) == kept
    assert clean_address(kept) == kept


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Donnez l’adresse"), ("  ", "Donnez l’adresse"),
        ("http://ville.example/", "commence par http://"), ("HTTP://ville.example/", "commence par http://"),
        (f"https://ville.example/{'x' * ADDRESS_MAX}", "Cinq cents"),
        *((wrong, "n’est pas l’adresse") for wrong in (
            "javascript:alert(1)", "JavaScript://ville.example/%0aalert(1)", "java\tscript:alert(1)",
            "data:text/html,<script>", "ftp://ville.example/", "mailto:mairie@ville.example", "vbscript:x",
            "https://ville.example@ailleurs.example/", "https://a:b@ville.example/", "//ville.example", "/communes/",
            "https://", "https://ville", "urbanisme", "https://ville.example/a b", "https://ville.example/\u202egpj.exe",
            "https://ville.example/\x00", "https://ville.example/\nx", "https://[::1", "ville .example",
        )),
    ],
)  # fmt: skip
def test_what_is_none_is_said_at_its_field(typed: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        clean_address(typed)
    assert refused.value.field == "address"


def test_a_link_says_where_it_leads_and_whether_it_leaves_this_site() -> None:
    own = ["https://parvis.ville.example", "http://localhost:8000"]
    assert host_of("https://www.ville.example/sports") == "ville.example"
    assert leaves("https://ville.example/", own)
    assert leaves("https://parvis.ville.example.ailleurs.example/", own)
    assert not leaves("https://parvis.ville.example/communes/x/", own)

"""Which numbers an SMS reaches."""

import pytest

from hub.core.phones import takes_sms


@pytest.mark.parametrize(
    ("number", "mobile"),
    [("+33612345678", True), ("+33199000110", False), ("+14185550110", True), ("+18005550110", False), ("rien", False)],
)
def test_an_sms_goes_to_what_may_be_a_mobile(number: str, mobile: bool) -> None:
    assert takes_sms(number) is mobile
    assert takes_sms(number, "FR") is (mobile and number.startswith("+33"))
    assert takes_sms(number, "CA") is (mobile and number.startswith("+1418"))

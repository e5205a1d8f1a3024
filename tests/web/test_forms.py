"""Forms in our markup: every input has its label, hint and error, and tells so to screen readers."""

from html.parser import HTMLParser

from django import forms


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Comme sur une enveloppe.")
    words = forms.CharField(label="Message", widget=forms.Textarea, required=False)
    country = forms.ChoiceField(label="Pays", choices=[("FR", "France"), ("CA", "Canada")])
    roles = forms.MultipleChoiceField(
        label="Rôles", choices=[("a", "Agent"), ("m", "Maire")], widget=forms.CheckboxSelectMultiple
    )
    agreed = forms.BooleanField(label="J’ai lu")
    code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"class": "input--code"}), required=False)
    secret = forms.CharField(label="Mot de passe", widget=forms.PasswordInput, required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("Rien ne va.")


class Seen(HTMLParser):
    """The tags of a page, by name, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def by_id(self, name: str) -> dict[str, str | None]:
        return next(attrs for _, attrs in self.tags if attrs.get("id") == name)


def test_every_control_is_labelled() -> None:
    seen = Seen(str(Sample()))
    labels = {attrs["for"] for tag, attrs in seen.tags if tag == "label"}
    controls = {
        attrs["id"]
        for tag, attrs in seen.tags
        if tag in {"input", "textarea", "select"} and attrs.get("type") != "hidden"
    }
    assert controls == labels


def test_controls_carry_our_classes_and_keep_their_own() -> None:
    seen = Seen(str(Sample()))
    assert seen.by_id("id_name")["class"] == "input"
    assert seen.by_id("id_words")["class"] == "textarea"
    assert seen.by_id("id_country")["class"] == "select"
    assert seen.by_id("id_code")["class"] == "input input--code"
    assert "class" not in seen.by_id("id_agreed")


def test_an_error_is_tied_to_its_input() -> None:
    page = str(Sample({"name": ""}))
    seen = Seen(page)
    assert seen.by_id("id_name")["aria-invalid"] == "true"
    assert seen.by_id("id_name")["aria-describedby"] == "id_name_helptext id_name_error"
    assert {"id_name_helptext", "id_name_error"} <= {attrs.get("id") for _, attrs in seen.tags}
    assert "aria-invalid" not in seen.by_id("id_words")


def test_what_is_wrong_with_the_whole_form_is_announced() -> None:
    page = str(Sample({"name": ""}))
    assert "Rien ne va." in page
    assert any(attrs.get("role") == "alert" for _, attrs in Seen(page).tags)


def test_several_choices_stand_in_a_group_with_a_name() -> None:
    page = str(Sample())
    group = page[page.index("<fieldset") : page.index("</fieldset>")]
    assert "<legend" in group
    assert "Rôles" in group
    assert group.count('type="checkbox"') == 2


def test_a_password_can_be_shown() -> None:
    assert 'data-reveal="id_secret"' in str(Sample())


def test_optional_fields_say_so() -> None:
    page = str(Sample())
    assert page.count("(facultatif)") == 3


def test_words_typed_by_people_are_escaped() -> None:
    page = str(Sample({"name": '"><script>alert(1)</script>'}))
    assert "<script>" not in page

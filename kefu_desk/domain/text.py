"""Words as values: a key and its parameters, put into a language only when painted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase of the product, named by key; `params` fill its `{name}` places.

    `count` chooses between singular and plural in languages that have both and fills `{n}`.
    A parameter may itself be a Text. An empty key means: `params[0]` is shown as it is.
    """

    key: str
    params: tuple[tuple[str, "str | int | Text"], ...] = ()
    count: int | None = None


def text(key: str, /, count: int | None = None, **params: "str | int | Text") -> Text:
    """A phrase of the product with its parameters."""
    return Text(key, tuple(params.items()), count)


def verbatim(words: str) -> Text:
    """Somebody's own words, shown as they are in every language."""
    return Text("", (("", words),))


NOTHING = verbatim("")

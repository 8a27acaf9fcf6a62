"""The elements that were followed up the chain, so that one can come back down."""

from gui.panels.formula_words import Links, rich
from model.analysis.expansion import Element


class Trail:
    """Grows while links are followed, begins anew where an element is chosen elsewhere."""

    def __init__(self) -> None:
        self._elements: list[Element] = []
        self._wanted: Element | None = None

    @property
    def elements(self) -> tuple[Element, ...]:
        """From the element that was chosen to the one shown."""
        return tuple(self._elements)

    def follow(self, element: Element) -> None:
        """A link leads there: once it is shown, it continues the trail."""
        self._wanted = element

    def arrive(self, element: Element | None) -> None:
        """This element is shown."""
        if element is None:
            self._elements.clear()
        elif element in self._elements:
            del self._elements[self._elements.index(element) + 1 :]
        elif element == self._wanted:
            self._elements.append(element)
        else:
            self._elements = [element]

    def line(self, links: Links) -> str:
        """The way here, every element but the last a link; empty where it has one element."""
        if len(self._elements) < 2:
            return ""
        *before, last = self._elements
        return " › ".join([*(links.link(rich(element), element) for element in before), rich(last)])

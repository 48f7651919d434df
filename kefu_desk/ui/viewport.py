"""The inner widget of a scrolling view, made by us."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(view: QAbstractScrollArea) -> QWidget:
    """Gives a view a viewport like Qt's own and returns it.

    To name the class of a widget that Qt made, PySide first sets up every class that it might be: 25 ms.
    """
    inner = QWidget(view)
    inner.setObjectName("qt_scrollarea_viewport")
    inner.setBackgroundRole(QPalette.ColorRole.Base)
    inner.setAutoFillBackground(True)
    view.setViewport(inner)
    return inner

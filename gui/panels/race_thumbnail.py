"""One run of a race as a small picture that can be chosen with the mouse and the keys."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.panels.thumbnail_picture import RunFace, ThumbnailPainter
from gui.theme import Theme

_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RaceThumbnail(QLabel):
    """Shows a pixmap: while it is painted the window need not wait for the training thread.

    A click or Enter chooses the run (`clicked`), a double click or Shift+Enter opens it
    (`opened`); `walked` carries the arrow key that leads to another one.
    """

    clicked = Signal()
    opened = Signal()
    walked = Signal(int)

    def __init__(self, painter: ThumbnailPainter, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._painter = painter
        self.face = RunFace()
        self.title = ""
        self.framed = self.faded = False
        self._opening = False
        """Whether the release that follows ends a double click."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def name(self, label: str) -> None:
        """Take on another run, whose state follows."""
        self.face = RunFace(label)
        self.setAccessibleName(label)

    def show_face(self, face: RunFace) -> None:
        """Draw this state of the run."""
        self.setToolTip(face.tip)
        self.face = face
        self.redraw()

    def set_title(self, title: str) -> None:
        """Write this above the picture: the run's label, or what there is room for."""
        if title != self.title:
            self.title = title
            self.redraw()

    def set_place(self, *, framed: bool, faded: bool) -> None:
        """Let it stand out, or stand back, or neither."""
        if (framed, faded) != (self.framed, self.faded):
            self.framed, self.faded = framed, faded
            self.redraw()

    def apply_theme(self, theme: Theme) -> None:
        """Take on other colours or another scale."""
        self.theme = theme
        self.redraw()

    def redraw(self) -> None:
        """Make the pixmap again."""
        if self.isHidden() or not self.face.label:
            return
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter, QRectF(self.rect()))
        painter.end()
        self.setPixmap(pixmap)

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw everything into `area`, on the screen or into a file."""
        self._painter.paint(
            painter,
            area,
            self.face,
            self.theme,
            title=self.title,
            framed=self.framed,
            faded=self.faded,
            focused=self.hasFocus(),
        )

    def sizeHint(self) -> QSize:
        return QSize(self.theme.px(190), self.theme.px(190))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setAccessibleDescription(self.face.tip)
        self.redraw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        inside = self.rect().contains(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and inside and not self._opening:
            self.clicked.emit()
        self._opening = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._opening = True
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _OPENING:
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.opened if shifted else self.clicked).emit()
        elif Qt.Key.Key_Left <= key <= Qt.Key.Key_Down:
            self.walked.emit(key.value)
        else:
            super().keyPressEvent(event)

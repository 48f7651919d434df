"""What the person at the desk is doing, as far as it changes how often to read."""

from kefu_desk.desk.cadence import Mood, mood_of
from kefu_desk.desk.ports import Clock
from kefu_desk.desk.store import Store
from kefu_desk.domain import facts as f
from kefu_desk.domain.outbox import SendState

ACTIVE_SECONDS = 60.0


class Attention:
    """Takes note of facts: keys and messages of the open conversation, and whether the window can be seen."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._shown = True
        self._active_until = -1.0
        store.listen(self._note)

    @property
    def mood(self) -> Mood:
        """What the desk is doing now."""
        active = self._clock.monotonic() < self._active_until
        return mood_of(self._store.state, active=active, shown=self._shown)

    def _note(self, fact: f.Fact) -> None:
        if isinstance(fact, f.WindowShown):
            self._shown = fact.shown
        elif self._is_activity(fact):
            self._active_until = self._clock.monotonic() + ACTIVE_SECONDS

    def _is_activity(self, fact: f.Fact) -> bool:
        talk = self._store.state.conversation
        match fact:
            case f.ConversationOpened():
                return True
            case f.DraftKept(openid=openid) | f.SendRefused(openid=openid):
                return talk is not None and openid == talk.openid
            case f.OutboxChanged(item=item):
                return item.state is SendState.QUEUED and talk is not None and item.openid == talk.openid
            case f.RecordsObserved(new=new):
                return talk is not None and any(record.openid == talk.openid for record in new)
        return False

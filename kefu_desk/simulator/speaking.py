"""message/custom/send and message/custom/typing: who may still be answered, and what it costs."""

from kefu_desk.simulator import letter
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.population import Customer
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.traffic import Delivery
from kefu_desk.simulator.world import SEND_PATH, World

TYPING_RECENT = 30.0
TYPING_LASTS = 15.0


def send(world: World, inquiry: Inquiry) -> None:
    """Delivers one message. Order: customer, account, type, content, agent named, relation, reply window."""
    customer = _addressee(world, inquiry)
    if world.account.punishment:
        raise Refusal(world.account.punishment)
    msgtype = inquiry.word("msgtype")
    if msgtype == "msgmenu" and not world.account.verified:
        raise Refusal(40200)
    text = letter.words(world, msgtype, inquiry.fields)
    kf_account = _face(world, inquiry)
    if customer.blacklisted:
        raise Refusal(43019)
    if customer.refusal:
        raise Refusal(customer.refusal)
    if customer.minor:
        raise Refusal(70000)
    if _allowed(world, customer) <= 0:
        raise Refusal(45047)
    world.deliver(Delivery(world.now, customer.openid, msgtype, kf_account, text, inquiry.body))


def typing(world: World, inquiry: Inquiry) -> None:
    """Shows or hides "typing" on the customer's phone for 15 seconds; costs no send."""
    customer = _addressee(world, inquiry)
    if not world.account.verified:
        raise Refusal(40200)
    command = inquiry.fields.get("command")
    if command == "CancelTyping":
        customer.typing_until = 0.0
        return
    if command != "Typing":
        raise Refusal(45072)
    _allowed(world, customer)
    if world.now - customer.last_interaction > TYPING_RECENT:
        raise Refusal(45080)
    if world.now < customer.typing_until:
        raise Refusal(45081)
    customer.typing_until = world.now + TYPING_LASTS


def _addressee(world: World, inquiry: Inquiry) -> Customer:
    customer = world.customers.get(inquiry.word("touser"))
    if customer is None:
        raise Refusal(40003)
    return customer


def _face(world: World, inquiry: Inquiry) -> str:
    face = inquiry.fields.get("customservice")
    if face is None:
        return ""
    account = face.get("kf_account") if isinstance(face, dict) else None
    if not isinstance(account, str) or account not in world.agents:
        raise Refusal(65401)
    return account


def _allowed(world: World, customer: Customer) -> int:
    """How many messages the open window still takes."""
    separate = world.chaos.take("window", SEND_PATH) == "buckets"
    left = customer.allowed(world.now, separate=separate)
    if not customer.subscribed or left is None:
        raise Refusal(45015)
    return left
